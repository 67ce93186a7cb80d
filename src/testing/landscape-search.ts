/** @file A search over the landscape as a process that can be killed: `landscape-search.ts <folder of the store> <jobs>`. Prints the trials. */
import { tuneStudy } from "../run/tune/tune-study.ts";
import { openStore } from "../tracking/open-store.ts";
import { landscape, landscapeStudy, landscapeTune } from "./landscape.ts";

const [folder, jobs] = process.argv.slice(2);
const { options, ran } = landscape(openStore(folder, { now: Date.now }), { delay: () => Number(process.env.DELAY ?? 0) });
const { trials, tuned } = await tuneStudy(landscapeStudy, landscapeTune(), { ...options, jobs: Number(jobs) });
process.stdout.write(JSON.stringify({ trials, tuned, ran }));
