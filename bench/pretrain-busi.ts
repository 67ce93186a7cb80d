/**
 * @file What pretraining is worth on BUSI, against an untrained encoder: nearest neighbours, a linear probe and fine-tuning with few and all labels, out of
 * fold, over seeds. Settings are chosen on inner splits of the training images. Markdown on stdout; killed, the same command goes on where it stopped.
 * `npm run -s bench -- pretrain-busi --data busi:<folder> [--unlabelled <reader:folder>] [--methods simclr,byol,swav] [--seeds 3] [--epochs n]
 * [--jobs 2] [--store <folder>] [--cache <folder>] [--quick]`; `--quick` is 1 seed, 2 of the folds and few epochs, to see that it works.
 */
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { interruptSignal } from "../src/cli/interrupt.ts";
import { loadStudy } from "../src/cli/load-study.ts";
import { storeOf } from "../src/cli/options.ts";
import type { StudyConfig } from "../src/config/study.ts";
import { foldsCsv, foldsOf } from "../src/data/folds/folds.ts";
import { openStudyManifest } from "../src/data/study-manifest.ts";
import { engineStamp } from "../src/engine/stamp.ts";
import { codeVersion } from "../src/run/code-version.ts";
import { withStudyLock } from "../src/run/lock.ts";
import { cacheFolder, writeAtomic } from "../src/util/files.ts";
import { range } from "../src/util/rng.ts";
import { messageOf, UserError } from "../src/util/user-error.ts";
import { documentOf } from "./pretrain-busi/document.ts";
import { encodersOf, type EncoderTask, type Machine } from "./pretrain-busi/encoders.ts";
import { METHODS, settingName, settingsOf, withSetting } from "./pretrain-busi/grid.ts";
import { heldOutResultSchema, innerResultSchema, measured, type Unit } from "./pretrain-busi/measure.ts";
import { INNER_FOLDS, UNTRAINED } from "./pretrain-busi/names.ts";
import { innerFolds } from "../finetune/subsets.ts";
import { summarise, type Choice } from "./pretrain-busi/summary.ts";

const { values: options } = parseArgs({
  options: {
    data: { type: "string" },
    unlabelled: { type: "string", multiple: true, default: [] },
    methods: { type: "string", default: METHODS.join() },
    seeds: { type: "string" },
    epochs: { type: "string" },
    jobs: { type: "string", default: "2" },
    store: { type: "string" },
    cache: { type: "string", default: join(cacheFolder(), "pretrain-busi") },
    quick: { type: "boolean", default: false },
  },
});
const now = Date.now;
const { signal, release } = interruptSignal();
try {
  process.stdout.write(`${await run()}\n`);
} catch (error) {
  if (!signal.aborted && !(error instanceof UserError)) throw error;
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = signal.aborted ? ((signal.reason as { exitCode?: number }).exitCode ?? 1) : 1;
} finally {
  release();
}

async function run(): Promise<string> {
  const methods = options.methods.split(",");
  const settings = new Map(methods.map((method) => [method, settingsOf(method)]));
  const base = await baseStudy();
  const store = storeOf(options.store);
  const { experimentId } = await store.experiment(base.name);
  return withStudyLock(store, base.name, signal, async (locked) => {
    const circumstances = { code: await codeVersion(), engine: await engineStamp() };
    const jobs = positive("jobs", options.jobs);
    const machine: Machine & { cache: string } = { store, experimentId, ...circumstances, jobs, signal: locked, now, cache: options.cache };
    const seeds = range(positive("seeds", options.seeds ?? (options.quick ? "1" : "3")));
    const { folds, ...data } = await dealt(base);
    const tested = options.quick ? folds.slice(0, 2) : folds;
    const shortly = Math.ceil(base.pretrain.epochs / 3);

    const candidates = methods.flatMap((method) =>
      tested.flatMap((fold) => settings.get(method)!.map((setting, s) => ({ method, fold, setting, s }))),
    );
    const short = await encodersOf(
      "choosing, pretraining",
      candidates.map(({ method, fold, setting }): EncoderTask => {
        const study = withSetting(fold.inner.study, method, setting, { epochs: shortly, seed: 0 });
        return { name: `${method}, fold ${fold.k}, ${settingName(setting)}`, study, fold: 0, data: fold.inner.digest };
      }),
      machine,
    );
    const looks = await measured(
      "choosing, neighbours",
      candidates.map(({ method, fold, setting }, i): Unit => {
        const name = `${method}, fold ${fold.k}, ${settingName(setting)}`;
        return { name, on: "inner", study: data.study, data: data.digest, fold: fold.k, encoder: short[i], store: store.uri };
      }),
      innerResultSchema,
      machine,
    );
    const choices = methods.flatMap((method) =>
      tested.map(({ k }): Choice => {
        const scores = candidates.flatMap((one, i) => (one.method === method && one.fold.k === k ? [looks[i].auroc] : []));
        return { method, fold: k, scores, chosen: scores.indexOf(Math.max(...scores)) };
      }),
    );

    const trained = choices.flatMap((choice) => seeds.map((seed) => ({ ...choice, seed })));
    const encoders = await encodersOf(
      "pretraining",
      trained.map(({ method, fold, chosen, seed }): EncoderTask => {
        const study = withSetting(data.study, method, settings.get(method)![chosen], { epochs: base.pretrain.epochs, seed });
        return { name: `${method}, seed ${seed}, fold ${fold}`, study, fold, data: data.digest };
      }),
      machine,
    );
    const untrained = seeds.flatMap((seed) => tested.map(({ k }) => ({ method: UNTRAINED, fold: k, seed, encoder: null })));
    const asked = [...untrained, ...trained.map((one, i) => ({ ...one, encoder: encoders[i] }))];
    const results = await measured(
      "measuring",
      asked.map(({ method, fold, seed, encoder }): Unit => {
        const name = `${method}, seed ${seed}, fold ${fold}`;
        return { name, on: "held-out", study: { ...data.study, seed }, data: data.digest, fold, encoder, store: store.uri };
      }),
      heldOutResultSchema,
      machine,
    );

    const summary = summarise(
      asked.map(({ method, fold, seed }, i) => ({ initialisation: method, fold, seed, ...results[i] })),
      data,
      { bootstraps: options.quick ? 200 : 2000, permutations: options.quick ? 199 : 1999 },
    );
    return documentOf({
      ...{ study: base, methods, seeds: seeds.length, tested: tested.length, shortly, choices, summary },
      ...{ quick: options.quick, inner: INNER_FOLDS, unlabelled: data.unlabelled, licence: data.licence },
      settings: new Map([...settings].map(([method, list]) => [method, list.map(settingName)])),
      machine: `${cpus()[0]?.model.trim() ?? "unknown processor"}, ${jobs} processes of one thread, Node ${process.versions.node}`,
      images: data.images.length,
    });
  });
}

/** The study of experiments/pretrain-busi.ts on the data asked for. */
async function baseStudy(): Promise<StudyConfig> {
  const { data, unlabelled, epochs, quick } = options;
  const set = [
    ...(unlabelled.length > 0 ? [`pretrain.unlabelled=${JSON.stringify(unlabelled)}`] : []),
    ...(epochs !== undefined || quick ? [`pretrain.epochs=${positive("epochs", epochs ?? "3")}`] : []),
    ...(quick ? ["finetune.epochs=2"] : []),
  ];
  return loadStudy("pretrain-busi", { data, set });
}

/** The outer folds, which all seeds share, as a table; and for each a table whose fold 1 is what an inner training may see. */
async function dealt(base: StudyConfig) {
  const progress = { note: (text: string) => void process.stderr.write(`${text}\n`), pretrain: base.pretrain };
  const { manifest, unlabelled } = await openStudyManifest(base.data, base.seed, progress);
  const { images, licence } = manifest;
  const folds = foldsOf(images, base.data.folds, base.seed);
  const groupNumbers = new Map([...new Set(images.map(({ group }) => group))].map((group, i) => [group, i]));
  const cases = {
    labels: Int32Array.from(images, ({ label }) => base.data.classes.indexOf(label)),
    groups: Int32Array.from(images, ({ group }) => groupNumbers.get(group)!),
  };
  const tables = join(options.cache, "folds", manifest.digest.slice(0, 16));
  const split = async (name: string, dealt: ArrayLike<number>): Promise<{ study: StudyConfig; digest: string }> => {
    const path = join(tables, `${name}.csv`);
    await writeAtomic(path, foldsCsv(images, dealt));
    const data = { ...base.data, folds: new Set(Array.from(dealt)).size, split: { name: "file" as const, path } };
    const { digest } = await openStudyManifest(data, base.seed, { pretrain: base.pretrain });
    return { study: { ...base, data }, digest };
  };
  const outer = await split("outer", folds);
  const ks = [];
  for (const k of range(base.data.folds)) {
    const training = range(images.length).filter((i) => folds[i] !== k);
    const inner = innerFolds(training, cases, INNER_FOLDS);
    const seen = new Int32Array(images.length);
    training.forEach((image, i) => (seen[image] = inner[i] === 0 ? 0 : 1));
    ks.push({ k, inner: await split(`inner-${k}`, seen) });
  }
  const pools = unlabelled.map((pool) => ({ reader: pool.reader, images: pool.images.length, licence: pool.licence }));
  return { ...outer, ...cases, images, licence, folds: ks, unlabelled: pools };
}

function positive(name: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new UserError(`--${name} is ${text}: give a whole number of at least 1`);
  return Number(text);
}
