/** @file Every reader; the first one that recognises a folder takes it, so the most particular layout stands first. */
import type { Reader } from "../manifest.ts";
import { breast } from "./breast.ts";
import { breastmnist } from "./breastmnist.ts";
import { busBra } from "./bus-bra.ts";
import { busUclm } from "./bus-uclm.ts";
import { busi } from "./busi.ts";
import { csv } from "./csv.ts";
import { dicom } from "./dicom.ts";
import { folder } from "./folder.ts";
import { hc18 } from "./hc18.ts";
import { kaggleAugmented } from "./kaggle-augmented.ts";
import { ussimandsegm } from "./ussimandsegm.ts";

export const readers: readonly Reader[] = [
  busBra,
  busi,
  kaggleAugmented,
  ussimandsegm,
  breast,
  busUclm,
  hc18,
  breastmnist,
  dicom,
  csv,
  folder,
];
