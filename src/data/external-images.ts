/** @file The images of an external test: of another data set, with the model's classes, without copies of whatever the study was trained on. */
import { LEAST_EXTERNAL_GROUPS, type ExternalTest } from "../config/external.ts";
import type { StudyConfig } from "../config/study.ts";
import { hashOf } from "../util/hash.ts";
import { UserError } from "../util/user-error.ts";
import { MissingClass } from "./check-study.ts";
import type { ImageFacts } from "./facts.ts";
import { digestOf, inspectData, loadData, type Inspection, type LoadOptions } from "./load.ts";
import type { Manifest } from "./manifest.ts";
import { openStudyManifest, ownDigest, type StudyManifest } from "./study-manifest.ts";
import { copiesIn, type Looked } from "./unlabelled.ts";

export interface ExternalImages {
  /** labels are the model's classes */
  manifest: Manifest;
  /** parallel to the manifest's images */
  facts: ImageFacts[];
  /** of the data set → of the model, in the model's order */
  classes: { external: string; model: string }[];
  /** the study's own images; null where they are not there */
  study: StudyManifest | null;
  /** images that show a picture of the study, and all images of their groups: left out */
  copies: number;
  leftOut: number;
  /** of what is tested and of what it was compared with */
  digest: string;
}

type Telling = Pick<LoadOptions, "note" | "progress" | "cache">;
type Study = Pick<StudyConfig, "data" | "seed" | "pretrain">;

/**
 * @param test names of classes and paths as the user gave them
 * @param expected digest of the study's own images, as its run recorded it; nothing is checked without
 * @throws UserError where the data have errors, lack a class or groups, or where the study's images are missing or others
 */
export async function openExternalImages(
  test: ExternalTest,
  study: Study,
  { expected, ...telling }: Telling & { expected?: string } = {},
): Promise<ExternalImages> {
  const classes = pairClasses(test, study.data.classes);
  const opened = await openNamed(test, classes, telling);
  const own = test.training === null ? null : await openOwn(test.training, study, telling, expected);
  const copies = own === null ? [] : await copiesIn(opened, await seenBy(own, study, telling), telling);
  const { images } = opened.manifest;
  const known = new Set(copies.map((i) => images[i].group));
  const kept = [...images.keys()].filter((i) => !known.has(images[i].group));
  const modelClass = new Map(classes.map(({ external, model }) => [external, model]));
  const tested = kept.map((i) => ({ ...images[i], label: modelClass.get(images[i].label)! }));
  checkGroups(tested, test, study.data.classes, images.length - kept.length);
  const manifest = { ...opened.manifest, images: tested, digest: digestOf(tested) };
  return {
    ...{ manifest, classes, study: own, copies: copies.length, leftOut: images.length - kept.length },
    facts: kept.map((i) => opened.facts[i]),
    digest: hashOf([manifest.digest, own && own.digest]),
  };
}

/** @throws UserError where the user named another number of classes than the model has */
function pairClasses({ classes }: ExternalTest, model: readonly string[]): ExternalImages["classes"] {
  if (classes !== null && classes.length !== model.length)
    throw new UserError(
      `--classes ${classes.join(",")}: the model tells ${model.length} classes apart (${model.join(", ")}), and ${classes.length} are named; name the data set's class for each, in this order`,
      { status: 422 },
    );
  return model.map((name, k) => ({ external: classes?.[k] ?? name, model: name }));
}

async function openNamed(test: ExternalTest, classes: ExternalImages["classes"], telling: Telling): Promise<Omit<Inspection, "problems">> {
  const { source, target, duplicates, groups } = test;
  try {
    return await loadData(source, { ...{ target, duplicates, groups, classes: classes.map(({ external }) => external) }, ...telling });
  } catch (error) {
    if (!(error instanceof MissingClass)) throw error;
    const model = classes.find(({ external }) => external === error.label)!.model;
    throw new UserError(
      `${source}: no image has the class "${error.label}" (there are ${error.present.join(", ") || "none"}), and the model tells ${classes.map((one) => one.model).join(", ")} apart; name the data set's classes in this order with --classes, a|b for several that are ${model}, or another column with --target`,
      { status: 422, cause: error },
    );
  }
}

/** @throws UserError where they are not there, or are no longer those that the study was run on */
async function openOwn(
  training: string,
  { data, seed, pretrain }: Study,
  telling: Telling,
  expected: string | undefined,
): Promise<StudyManifest> {
  const source = training === "" ? data.source : training;
  const cure = "say with --training where they lie, or test with --training none, which finds no copies";
  const own = await openStudyManifest({ ...data, source }, seed, { ...telling, pretrain }).catch((error: unknown) => {
    if (!(error instanceof UserError && error.status === 404)) throw error;
    throw new UserError(`the study's own images are not there to compare with (${error.message}): ${cure}`, { status: 404, cause: error });
  });
  if (expected !== undefined && ownDigest(own.digest) !== ownDigest(expected))
    throw new UserError(`${source}: these are not the images that the study was run on (other files, labels or groups): ${cure}`, {
      status: 409,
    });
  return own;
}

/** The study's images, and those that its pretraining saw beside them. */
async function seenBy(own: StudyManifest, { pretrain }: Study, telling: Telling): Promise<Looked> {
  const pools: Looked[] = [];
  for (const source of pretrain.unlabelled) pools.push(await inspectData(source, telling));
  const all = [own, ...pools];
  return { facts: all.flatMap(({ facts }) => facts), signatures: all.flatMap(({ signatures }) => signatures) };
}

function checkGroups(images: Manifest["images"], { source }: ExternalTest, classes: readonly string[], leftOut: number): void {
  for (const label of classes) {
    const groups = new Set(images.filter((image) => image.label === label).map(({ group }) => group)).size;
    if (groups >= LEAST_EXTERNAL_GROUPS) continue;
    const without = leftOut > 0 ? ` once ${leftOut} images are left out with copies of the study's` : "";
    throw new UserError(
      `${source}: the class "${label}" has ${groups} groups${without}, and an external test needs ${LEAST_EXTERNAL_GROUPS} of each class for its intervals; add patients`,
      { status: 422 },
    );
  }
}
