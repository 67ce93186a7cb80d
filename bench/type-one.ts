/**
 * @file How often each test that prints p rejects where there is nothing to find, and how often each interval holds the truth. Markdown.
 * `npm run bench -- type-one [runs]`, 1,000 runs unless told otherwise (seven minutes); a rate outside its band ends with exit code 1.
 */
import { outOfFold } from "../src/data/audit/out-of-fold.ts";
import { auditShortcuts } from "../src/data/audit/shortcuts.ts";
import { withinFoldAuroc } from "../src/metrics/within-fold.ts";
import { foldsOf } from "../src/data/folds/folds.ts";
import { auroc } from "../src/metrics/auroc.ts";
import { calibrationLine } from "../src/metrics/calibration-line.ts";
import { cliffsDeltaByLabel } from "../src/metrics/cliffs-delta.ts";
import { rocBand } from "../src/metrics/curve-band.ts";
import { groupBootstrap, pick } from "../src/metrics/group-bootstrap.ts";
import { groupPermutation } from "../src/metrics/group-permutation.ts";
import { logistic } from "../src/metrics/log-odds.ts";
import { mean, sd } from "../src/metrics/moments.ts";
import { normalCdf, normalQuantile } from "../src/metrics/normal.ts";
import { studentTwoSidedP } from "../src/metrics/student-t.ts";
import { moranPermutation } from "../src/spatial/permutation.ts";
import { auditNulls, cohortClasses, metadataCohort } from "../src/testing/audit-data.ts";
import { crossValidatedNulls, equalClassifiers } from "../src/testing/cross-validated.ts";
import { equalModels, groupedImages, metricNulls, noiseMap, spatialNulls, upsampled, type NullStudy } from "../src/testing/nulls.ts";
import { binomialBand } from "../src/testing/type-one.ts";
import { range, rngOf, type Rng } from "../src/util/rng.ts";

const runs = Number(process.argv[2] ?? 1000);
const permutations = 999;
const levels = [0.01, 0.05, 0.1];
const { least, most } = binomialBand(runs, 0.05);
const share = (count: number, of = runs) => (count / of).toFixed(3);
let outside = 0;

/** One line of the table: rejection rates, and whether the rate at .05 is what it should be. */
function line({ test, under, conservative, pOf }: NullStudy): void {
  const p = range(runs).map(pOf);
  const [at01, at05, at10] = levels.map((level) => p.filter((value) => value <= level).length) as [number, number, number];
  const kept = at05 <= most && (conservative || at05 >= least);
  if (!kept) outside++;
  console.log(
    `| ${test} | ${under} | ${share(at01)} | **${share(at05)}** | ${share(at10)} | ${conservative ? "0" : share(least)}–${share(most)} | ${kept ? "yes" : "NO"} |`,
  );
}

console.log(`## Type-I error: ${runs.toLocaleString("en")} runs a line, ${permutations} permutations\n`);
console.log(
  "Shares of runs with p at or below each level, under a true null. The band is the 99 % binomial one at .05; tests that may be conservative",
);
console.log("(doubled tails, ties, a false discovery rate taken family-wise) have no lower end.\n");
console.log("| test | null | .01 | .05 | .10 | band at .05 | within |\n|---|---|---|---|---|---|---|");
for (const study of [...spatialNulls(permutations), ...metricNulls(permutations), ...crossValidatedNulls, ...auditNulls]) line(study);
console.log("\nauditShortcuts: 19 permutations, each of which fits every model again; p below .05 is out of their reach.");

/** What goes wrong without the rule that the test above follows. */
console.log("\n## The same data, tested wrongly\n\n| mistake | rejected at .05 |\n|---|---|");
const few = Math.min(runs, 200);
const wrong = (name: string, pOf: (seed: number) => number) =>
  console.log(`| ${name} | ${share(range(few).filter((seed) => pOf(seed) <= 0.05).length, few)} of ${few} |`);
wrong("Moran's I on an 8×8 noise map enlarged to 64×64 pixels, pixels permuted", (seed) => {
  const rng = rngOf(seed, "enlarged");
  return moranPermutation(upsampled(noiseMap(rng, 8), 8), { neighbours: "rook", permutations: 99, rng }).p;
});
wrong("class labels permuted over images, of which a patient has 1–3", (seed) => {
  const rng = rngOf(seed, "images");
  const { labels, shared, own } = groupedImages(rng, 40);
  return groupPermutation({ values: shared.map((value) => value + own()), labels, statistic: cliffsDeltaByLabel, permutations: 199, rng })
    .p;
});
wrong("plain t over 5 × 5 folds of equal classifiers", (seed) => {
  const { differences } = equalClassifiers(seed, { folds: 5, repeats: 5 });
  return studentTwoSidedP(mean(differences) / (sd(differences) / Math.sqrt(differences.length)), differences.length - 1);
});
wrong("auditShortcuts judged by its intervals: one of eight 95 % intervals lies above 0.5", (seed) => {
  const rows = metadataCohort(rngOf(seed, "audit intervals"), { groups: 42 });
  const { features, joint } = auditShortcuts(rows, { classes: cohortClasses, folds: 5, seed, bootstraps: 499, permutations: 0 });
  return [...features, joint].some(({ low }) => low > 0.5) ? 0 : 1;
});

/** How often the 95 % interval of `sample` holds `truth`. */
function coverage(
  name: string,
  truth: number,
  sample: (rng: Rng) => Pick<Parameters<typeof groupBootstrap>[0], "groups" | "labels" | "statistic">,
): void {
  covered(name, truth, (rng) => groupBootstrap({ ...sample(rng), bootstraps: 499, rng }));
}

/** How often any other 95 % interval holds it. */
function covered(name: string, truth: number, interval: (rng: Rng) => { low: number; high: number }): void {
  const held = range(runs).filter((seed) => {
    const { low, high } = interval(rngOf(seed, "coverage", name));
    return low <= truth && truth <= high;
  }).length;
  console.log(`| ${name} | ${share(held)} |`);
}

console.log("\n## Coverage of the 95 % group-bootstrap interval (percentile)\n\n| estimate | holds the truth |\n|---|---|");
// two normal scores one apart, with variance 1 (patient) + 1 (model) + 1/4 (image): Φ(1 / √(2 · 2.25))
const area = 0.6813240558;
for (const count of [20, 64, 200])
  coverage(`AUROC, ${count} groups of 1–3 images`, area, (rng) => {
    const { groups, labels, a } = equalModels(rng, count, 1);
    return { groups, labels, statistic: (rows) => auroc(pick(labels, rows), pick(a, rows)) };
  });
coverage("ΔAUROC of equal models, 64 groups", 0, (rng) => {
  const { groups, labels, a, b } = equalModels(rng, 64, 1);
  return { groups, labels, statistic: (rows) => auroc(pick(labels, rows), pick(a, rows)) - auroc(pick(labels, rows), pick(b, rows)) };
});
for (const [negative, positive] of [
  [42, 22],
  [12, 8],
] as const)
  coverage(`Cliff's delta 0, ${negative} against ${positive} groups`, 0, (rng) => {
    const labels = range(negative + positive).map((i) => (i < positive ? 1 : 0));
    const values = labels.map(() => rng.next() ** 4);
    return { groups: range(labels.length), labels, statistic: (rows) => cliffsDeltaByLabel(pick(labels, rows), pick(values, rows)) };
  });
// widths one standard deviation apart: 80 pixels, with variance 80² (group) + 20² (image)
for (const count of [42, 150])
  coverage(`AUROC of one metadata column, out of fold, ${count} groups`, normalCdf(80 / Math.sqrt(2 * (80 ** 2 + 20 ** 2))), (rng) => {
    const rows = metadataCohort(rng, { groups: count, wider: 1 });
    const labels = Uint8Array.from(rows, ({ label }) => Number(label === cohortClasses[1]));
    const folds = foldsOf(rows, 5, 0);
    const width = Float64Array.from(rows, ({ features }) => Number(features.width));
    return { groups: rows.map(({ group }) => group), labels, statistic: withinFoldAuroc(labels, outOfFold([width], labels, folds), folds) };
  });
for (const count of [64, 200])
  covered(`sensitivity at a false positive rate of .2 (rocBand), ${count} groups`, normalCdf(1 / 1.5 + normalQuantile(0.2)), (rng) => {
    const { groups, labels, a } = equalModels(rng, count, 1);
    const [point] = rocBand({ groups, labels, scores: a, bootstraps: 499, rng }, [0.2]);
    return point;
  });

console.log("\n## Coverage of the 95 % interval of the calibration slope\n\n| interval | holds the truth |\n|---|---|");
/** Groups whose images all have the same log-odds and class; the true slope is 0.7. */
function slopeSample(rng: Rng, images: number) {
  const logit = range(150).map(() => 1.5 * rng.normal());
  const label = logit.map((value) => (rng.next() < logistic(0.5 + 0.7 * value) ? 1 : 0));
  const groups = range(150).flatMap((group) => range(images).map(() => group));
  return { groups, logits: groups.map((group) => logit[group]), labels: groups.map((group) => label[group]) };
}
const slopeOf = (labels: ArrayLike<number>, logits: ArrayLike<number>) => calibrationLine(labels, logits).slope;
for (const images of [1, 3])
  covered(`Wald, 150 groups of ${images} image${images > 1 ? "s: wrong, for groups need the bootstrap" : ""}`, 0.7, (rng) => {
    const { labels, logits } = slopeSample(rng, images);
    return slopeOf(labels, logits) ?? { low: NaN, high: NaN };
  });
coverage("group bootstrap, 150 groups of 3 images", 0.7, (rng) => {
  const { groups, labels, logits } = slopeSample(rng, 3);
  return { groups, statistic: (rows) => slopeOf(pick(labels, rows), pick(logits, rows))?.estimate ?? NaN };
});

process.exitCode = outside > 0 ? 1 : 0;
