/** @file Zones in reading order: from the lesion outwards. */
import type { Zone } from "../../../src/config/results.ts";

export const ZONES = ["lesion", "around", "behind", "elsewhere"] as const satisfies readonly Zone[];
