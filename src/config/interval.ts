/** @file An estimate with its 95 % interval, as every result tells one. */
import { z } from "zod";

export const intervalSchema = z.strictObject({ estimate: z.number(), low: z.number(), high: z.number() });
export type Interval = z.infer<typeof intervalSchema>;
