/** @file The rooms of the repository and who may import whom; docs/architecture.md says why. Every room may import itself. */

/** Rooms whose code also runs in the browser: no `node:` module there, nor in what they import. */
export const browserRooms = ["src/config", "src/metrics", "src/spatial", "web"];

const stageRooms = [
  "src/util",
  "src/config",
  "src/engine",
  "src/image",
  "src/data",
  "src/augment",
  "src/models",
  "src/onnx",
  "src/losses",
  "src/optim",
  "src/metrics",
  "src/explain",
  "src/spatial",
  "src/tracking",
  "src/tune",
  "src/run",
];
const everywhere = [...stageRooms, "src/cli", "src/testing", "experiments", "pretrain", "finetune", "analysis", "server", "web"];

export const mayImport: Record<string, readonly string[]> = {
  "src/util": [],
  "src/config": ["src/util"],
  "src/engine": ["src/util"],
  "src/image": ["src/util"],
  "src/data": ["src/image", "src/metrics", "src/config", "src/util"],
  "src/augment": ["src/engine", "src/config", "src/util"],
  "src/models": ["src/engine", "src/config", "src/util"],
  "src/onnx": ["src/engine", "src/models", "src/config", "src/util"],
  "src/losses": ["src/engine", "src/util"],
  "src/optim": ["src/engine", "src/config", "src/util"],
  "src/metrics": ["src/util"],
  "src/explain": ["src/engine", "src/models", "src/image", "src/config", "src/util"],
  "src/spatial": ["src/metrics", "src/util"],
  "src/tracking": ["src/config", "src/util"],
  "src/tune": ["src/config", "src/metrics", "src/util"],
  // a search runs a study once a trial
  "src/run": ["src/config", "src/tracking", "src/tune", "src/util"],
  // a program of its own: fitted models on files, without a study
  "src/predict": [
    ...["src/augment", "src/config", "src/data", "src/engine", "src/explain", "src/image"],
    ...["src/metrics", "src/onnx", "src/run", "src/tracking", "src/util"],
  ],
  // the command line starts stages and server as processes, so that a crash of theirs is not its own
  "src/cli": ["src/config", "src/data", "src/engine", "src/run", "src/tracking", "src/util"],
  "src/testing": stageRooms,
  // stages never import each other: they meet in the store
  pretrain: stageRooms,
  finetune: stageRooms,
  analysis: stageRooms,
  // no TensorFlow in the server's process, so that it stays small
  server: ["src/config", "src/data", "src/metrics", "src/run", "src/tracking", "src/util"],
  web: ["src/config", "src/metrics", "src/util"],
  experiments: ["src/config"],
  bench: everywhere,
  ".ci": everywhere,
};

/** Beyond that: imports that vanish when compiled. */
export const mayImportTypes: Record<string, readonly string[]> = { web: ["server"] };

/** Beyond that: what any test file may use. */
export const testsMayImport = ["src/testing", "src/engine"];
