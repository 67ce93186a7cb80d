/**
 * @file A stage process that counts to the study's number of epochs, two metric points a step, and can go on from its last count.
 * Its clock goes a second a step. With HOLD in the environment a first attempt stays at that step; with FAIL as well it fails there.
 */
import { setTimeout } from "node:timers/promises";
import { runStage } from "../run/stage.ts";
import { UserError } from "../util/user-error.ts";

let count = 0;

await runStage(
  {
    async pretrain({ task, resume, progress, metric, checkpoint, note, tag }) {
      const total = task.study.pretrain.epochs;
      const tell = () => progress(count, total, undefined, () => Buffer.from(String(count)));
      if (resume) {
        count = Number(Buffer.from(resume.bytes).toString());
        note(`goes on at ${count} with ${resume.source}`);
        await tag({ resumed: "true" });
      }
      while (count < total) {
        metric("count", count, count);
        metric("square", count ** 2, count);
        count++;
        await tell();
        if (resume || count !== Number(process.env.HOLD)) continue;
        if (process.env.FAIL) throw new UserError("failed as asked");
        for (;;) await setTimeout(5).then(tell);
      }
      await checkpoint(Buffer.from(String(count)));
    },
  },
  { now: () => performance.timeOrigin + 1000 * count, version: async () => "c" },
);
