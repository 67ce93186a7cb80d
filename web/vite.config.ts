/** @file How the page is built: Solid, no source from elsewhere, small enough to read. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import solid from "vite-plugin-solid";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [solid()],
  build: {
    target: "es2022",
    emptyOutDir: true,
    assetsInlineLimit: 0, // the content policy allows no inline data but images
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { bundlerTimings: false } }, // a slow machine is no fault of the page
  },
  // `npx vite web` beside a running server, for work on the page
  server: { proxy: { "/api": { target: "http://127.0.0.1:8787", changeOrigin: false } } },
});
