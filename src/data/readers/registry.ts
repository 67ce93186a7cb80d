/** @file Every reader; the first one that recognises a folder takes it, so the most particular layout stands first. */
import type { Reader } from "../manifest.ts";
import { busBra } from "./bus-bra.ts";
import { busi } from "./busi.ts";
import { folder } from "./folder.ts";

export const readers: readonly Reader[] = [busBra, busi, folder];
