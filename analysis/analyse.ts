/** @file Task `analyse`: from every fold's maps to the biomarker table, hot spots, spatial statistics and the report. No TensorFlow here. */
import { binaryClasses } from "../src/config/data.ts";
import { evaluationSchema, type Evaluation } from "../src/config/evaluation.ts";
import { REPORT_HTML, REPORT_JSON, type Report } from "../src/config/report.ts";
import { loadStudyData, type StudyData } from "../src/data/study-data.ts";
import { OUTSIDE } from "../src/image/zones.ts";
import type { StageContext } from "../src/run/stage.ts";
import { toCsv } from "../src/util/csv.ts";
import { analyseCohort, HOT_SPOT_COLUMNS, hotSpotRows, spatialRows } from "./analyse-cohort.ts";
import { atlas, type RegisteredInput } from "./atlas.ts";
import { cohortImages, gatherMaps, loadFields, type Cohort, type CohortMethod } from "./cohort.ts";
import { buildReport } from "./report/build.ts";
import { chooseCases, reportCases } from "./report/cases.ts";
import { runFacts } from "./report/facts.ts";
import { readHeldOut, trainingOf, type HeldOut } from "./report/held-out.ts";
import { reportPage, type ReportPictures } from "./report/report.ts";
import { cellZones } from "./zone-shares.ts";

export async function analyse(context: StageContext): Promise<void> {
  const { study } = context.task;
  const classes = binaryClasses(study.data.classes);
  const data = await loadStudyData(context.task);
  const { evaluation, predictions } = await readEvaluation(context);
  const methods = await gatherMaps(
    context,
    data.images.map(({ id }) => id),
  );
  const cohort: Cohort = {
    size: data.frames.size,
    images: cohortImages(data, await loadFields(data), { ...study.analysis, classes: study.data.classes.length }),
    methods,
  };

  const { biomarkers, images } = await analyseCohort(cohort, {
    classes,
    analysis: study.analysis,
    seed: study.seed,
    advance: context.progress,
  });
  await context.artifact("biomarkers.json", JSON.stringify(biomarkers, null, 2));
  await context.artifact(
    "biomarkers.csv",
    toCsv(
      biomarkers.table.map(({ effect, ...row }) => ({ ...row, effect: effect.estimate, effectLow: effect.low, effectHigh: effect.high })),
    ),
  );
  await context.artifact("hot-spots.csv", toCsv(hotSpotRows(images, classes), HOT_SPOT_COLUMNS));
  await context.artifact("spatial.csv", toCsv(spatialRows(images, classes)));
  for (const { method, meanMoran, shareAutocorrelated } of biomarkers.spatial) {
    context.metric(`spatial/${method}/mean_moran`, meanMoran, 0);
    context.metric(`spatial/${method}/share_autocorrelated`, shareAutocorrelated, 0);
  }
  const run = await context.store.getRun(context.task.parentRunId);
  const report = buildReport({ study, evaluation, biomarkers, predictions, ...(await runFacts(run)) });
  await context.artifact(REPORT_JSON, JSON.stringify(report, null, 2));
  await context.artifact(REPORT_HTML, await reportPage(report, await pictures(cohort, data, report, predictions)));
}

async function readEvaluation({
  needed,
  store,
  task: { study },
}: StageContext): Promise<{ evaluation: Evaluation; predictions: HeldOut[] }> {
  const { runId } = (await needed("evaluate")).info;
  const read = async (path: string) => (await store.readArtifact(runId, path)).toString("utf8");
  return {
    evaluation: evaluationSchema.parse(JSON.parse(await read("evaluation.json"))),
    predictions: readHeldOut(await read("oof-predictions.csv"), `oof-predictions.csv of run ${runId}`, study),
  };
}

/** What the report shows of the first arm's first training, whose maps these are. */
async function pictures(
  cohort: Cohort,
  { frames }: Pick<StudyData, "frames">,
  { worst, arms: [{ name }] }: Report,
  predictions: readonly HeldOut[],
): Promise<ReportPictures> {
  const { images, methods } = cohort;
  const told = new Map(trainingOf(predictions, name).map(({ image, probability }) => [image, probability]));
  const probabilities = images.map(({ id }) => told.get(id) ?? NaN);
  const chosen = chooseCases(
    images.map(({ label }) => label),
    probabilities,
  );
  const places = new Map(images.map(({ id }, i) => [id, i]));
  const positions = worst.flatMap(({ image }) => places.get(image) ?? []);
  return {
    atlases: methods.flatMap((method) => {
      const registered = registeredMaps(cohort, method);
      return registered.length > 0 ? [{ method: method.method, atlas: atlas(registered) }] : [];
    }),
    cases: await reportCases(cohort, frames, { positions: chosen, probabilities, methods }),
    worst: await reportCases(cohort, frames, { positions, probabilities, methods: methods.slice(0, 1) }),
  };
}

/** Maps of images with a lesion, as densities over the frame. */
function registeredMaps({ size, images }: Cohort, { maps }: CohortMethod): RegisteredInput[] {
  const { rows, columns, values } = maps;
  return images.flatMap(({ group, label, zones, lesion }, i) => {
    if (!lesion) return [];
    const map = values.subarray(i * rows * columns, (i + 1) * rows * columns).map(Math.abs);
    const { used } = cellZones(zones, { size, rows, columns });
    const shown = map.filter((_, cell) => used[cell]);
    const average = shown.reduce((sum, value) => sum + value, 0) / shown.length;
    if (!(average > 0)) return [];
    const densityAt = (row: number, column: number): number => {
      if (!(row >= 0 && row < size && column >= 0 && column < size) || zones[Math.floor(row) * size + Math.floor(column)] === OUTSIDE)
        return NaN;
      return map[Math.floor((row * rows) / size) * columns + Math.floor((column * columns) / size)] / average;
    };
    return [{ group, label, lesion, densityAt }];
  });
}
