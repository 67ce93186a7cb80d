/** @file The manifest: every image of a data set, what is known of it, and the group that it belongs to. */

/** One image. Paths are relative to the data root and "/"-separated. */
export interface ImageRecord {
  /** stable and unique in the data set, for example "bus_0001-l" or "benign/benign (12)" */
  id: string;
  path: string;
  /** class name */
  label: string;
  /** patient (or what stands for it): the unit of inference; never split over folds */
  group: string;
  /** lesion masks, to be united; empty where the data set has none */
  masks: string[];
  /** SHA-256 of the file's bytes */
  sha256: string;
  /** pixels, as decoded (never as claimed by a table) */
  width: number;
  height: number;
}

export interface Manifest {
  /** reader that took it: "bus-bra", "busi", "folder" */
  reader: string;
  /** absolute folder */
  root: string;
  images: ImageRecord[];
  licence: string;
  citation: string;
  /** what a reader of results must know of these groups; empty where there is nothing to say */
  note: string;
  /** hash of every id, label, group and content hash, masks included: equal data give equal digests wherever they lie */
  digest: string;
}

/** What a reader knows of an image before any file is opened. */
export type ListedImage = Omit<ImageRecord, "sha256" | "width" | "height">;

/** What a reader found in a folder. */
export interface Listing {
  images: ListedImage[];
  /** what a reader of results must know of these groups; empty where there is nothing to say */
  note: string;
}

/** A data set's layout: says whether it knows a folder, and reads it. One file each in readers/. */
export interface Reader {
  readonly name: string;
  readonly licence: string;
  readonly citation: string;
  /** Why this reader takes the folder ("has bus_data.csv and Images/"), or undefined. */
  recognises(root: string): Promise<string | undefined>;
  /** @throws UserError that names the file and the cure */
  read(root: string): Promise<Listing>;
}
