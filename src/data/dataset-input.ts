/** @file A manifest as MLflow records a dataset input: where it came from and what it hashes to, never who is in it. */
import { relative } from "node:path";
import type { Manifest } from "./manifest.ts";

/** The fields of MLflow's Dataset message (REST API 2.0) and its context tag. */
export interface ManifestInput {
  name: string;
  /** at most 36 characters */
  digest: string;
  sourceType: string;
  /** JSON text */
  source: string;
  schema: string | null;
  /** JSON text */
  profile: string | null;
  context: string;
}

/** Counts and hashes only: no image names, no groups (they may be patients), and the path relative to the working folder. */
export function datasetInput(manifest: Manifest, context = "training"): ManifestInput {
  const { reader, root, images, digest, licence, citation } = manifest;
  const counts = (key: "label" | "group") => new Set(images.map((image) => image[key])).size;
  return {
    name: reader,
    digest: digest.slice(0, 36),
    sourceType: "local",
    source: JSON.stringify({ uri: relative(process.cwd(), root).replaceAll("\\", "/") || ".", reader, licence, citation }),
    schema: null,
    profile: JSON.stringify({ images: images.length, groups: counts("group"), classes: counts("label") }),
    context,
  };
}
