/** @file Zones in reading order: from the lesion outwards. */
import { zoneSchema } from "../../../src/config/biomarkers.ts";

export const ZONES = zoneSchema.options;
