/** @file The manifest: every image of a data set, what is known of it, and the group that it belongs to. */
import type { GreyImage, Mask } from "../image/decode.ts";
import type { DataFiles } from "./files/data-files.ts";

/** Class of images that have none. */
export const UNLABELLED = "unlabelled";

/** What a reader knows of an image before it is decoded. Paths are relative to the data root and "/"-separated. */
export interface ListedImage {
  /** stable and unique in the data set, for example "bus_0001-l" or "benign/benign (12)" */
  id: string;
  /** unique; `file#part` where a file holds several images, for example "breastmnist.npz#train/12" */
  path: string;
  /** class name, or {@link UNLABELLED} */
  label: string;
  /** patient (or what stands for it): the unit of inference; never split over folds */
  group: string;
  /** lesion masks, to be united; empty where the data set has none */
  masks: string[];
  /** the patient's pseudonym, where the data set tells patients apart */
  patient?: string;
  /** the recording that the image is a frame of; unique in the data set */
  clip?: string;
  /** hospital or scanner: what leave-one-site-out holds out */
  site?: string;
  /** millimetres between rows and between columns */
  spacing?: readonly [row: number, column: number];
  /** what else the data set says, by the names of its own columns: BI-RADS, histology, descriptors, side, … */
  annotations?: Readonly<Record<string, string>>;
  /** part of each official split that the image lies in: { "5-fold": "0", "split": "train" } */
  official?: Readonly<Record<string, string>>;
  /** a picture whose colours name organs or tissues, as the reader's documentation says */
  organs?: string;
}

/** One image of a manifest. */
export interface ImageRecord extends ListedImage {
  /** SHA-256 of the bytes that hold the image */
  sha256: string;
  /** SHA-256 of the bytes that hold each of `masks` */
  maskHashes: string[];
  /** pixels, as decoded (never as claimed by a table) */
  width: number;
  height: number;
}

export interface Manifest {
  /** reader that took it: "bus-bra", "busi", "folder", … */
  reader: string;
  /** absolute path: what `openFiles` opens again */
  root: string;
  images: ImageRecord[];
  licence: string;
  citation: string;
  /** what a reader of results must know of these groups; empty where there is nothing to say */
  note: string;
  /** hash of every id, label, group and content hash, masks included: equal data give equal digests wherever they lie */
  digest: string;
}

/** Something wrong with a data set: one sentence that names the file and the cure. */
export interface Problem {
  /** an error keeps the data from being used; a warning is for people to judge */
  level: "error" | "warning";
  message: string;
}

/** What a reader found. */
export interface Listing {
  /** those that can be used */
  images: ListedImage[];
  /** what a reader of results must know of these groups; empty where there is nothing to say */
  note: string;
  /** what is wrong with the others */
  problems: Problem[];
}

/** From a path of the manifest to pixels. {@link pictureFiles} is the usual one; a reader whose files hold several images brings its own. */
export interface Decoder {
  /** The bytes that hold the image: all that its pixels depend on, beside the part that its path names. @throws UserError */
  bytes(files: DataFiles, path: string): Promise<Uint8Array>;
  /** @throws UserError that names the path */
  image(bytes: Uint8Array, path: string): Promise<GreyImage>;
  /** @throws UserError that names the path */
  mask(bytes: Uint8Array, path: string): Promise<Mask>;
}

/** A data set's layout: says whether it knows the files, and reads them. One file each in readers/. */
export interface Reader {
  readonly name: string;
  /** one line for people: what it is, and of whom */
  readonly title: string;
  readonly licence: string;
  readonly citation: string;
  /** what misleads people in this data set, a sentence each; docs/datasets.md prints them */
  readonly traps: readonly string[];
  /** Why this reader takes the files ("has bus_data.csv and Images/"), or undefined. */
  recognises(files: DataFiles): Promise<string | undefined>;
  /** Lists what can be read, and every problem in one go. @throws UserError only where there is nothing to list */
  read(files: DataFiles): Promise<Listing>;
  /** else {@link pictureFiles} */
  readonly decoder?: Decoder;
}
