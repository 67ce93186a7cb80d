/**
 * @file A tree of DICOM files: an image for each frame and 2-D region, grouped by patient. Nothing that names a person leaves this file:
 * paths are safe names, patients and devices are pseudonyms or words of our own (docs/decisions/011-dicom-identity.md).
 */
import { mapInFlight } from "../../util/in-flight.ts";
import { UserError } from "../../util/user-error.ts";
import { fileMeta, isDicom, isDocument } from "../dicom/data-set.ts";
import { loadSalt, type Patient } from "../dicom/pseudonym.ts";
import { readDicom, readPixels, type Dicom } from "../dicom/read-dicom.ts";
import { refuse } from "../dicom/refuse.ts";
import { safeName } from "../dicom/safe-name.ts";
import type { DataFiles } from "../files/data-files.ts";
import { UNLABELLED, type Decoder, type ListedImage, type Problem, type Reader } from "../manifest.ts";
import { topFolders } from "./listing.ts";

/** Files of these names are never opened; a DICOM file may have any other name, and often has no extension. */
const otherName =
  /\.(png|jpe?g|tiff?|bmp|gif|webp|svg|csv|tsv|txt|md|pdf|html?|xml|json|ya?ml|xlsx?|zip|gz|tar|npy|npz|mat|py|exe|dll|inf|ini|db|mp4|avi)$/i;
const dicomName = /\.(dcm|dicom|ima)$/i;

/** Files that {@link Reader.recognises} opens at most. */
const TRIES = 8;

const classes = ["benign", "malignant", "normal"];

/** Bytes of a file; what is wrong with it is told by its safe name. */
async function read(files: DataFiles, path: string, name: string): Promise<Buffer> {
  return files.read(path).catch(() => {
    throw refuse(name, "the file cannot be read; check its permissions, or get the data again");
  });
}

const candidates = async (files: DataFiles): Promise<string[]> => (await files.list()).filter((path) => !otherName.test(path));

/** Names that claim to be DICOM first. */
async function holdsDicom(files: DataFiles): Promise<boolean> {
  const paths = await candidates(files);
  const likely = [...paths.filter((path) => dicomName.test(path)), ...paths.filter((path) => !dicomName.test(path))];
  for (const path of likely.slice(0, TRIES)) if (isDicom(await files.read(path).catch(() => Buffer.alloc(0)))) return true;
  return false;
}

/** The class of a path, by its first folder; wrong case is a mistake and no class. */
function labelOf(path: string, hasClasses: boolean): string {
  const [top] = path.split("/");
  return hasClasses && classes.includes(top) ? top : UNLABELLED;
}

function listedImages({ instance, series, patient, device, attributes, images }: Dicom, name: string, label: string): ListedImage[] {
  return images.map(({ region, fragment, spacingMm }) => ({
    id: name + fragment,
    path: name + fragment,
    label,
    group: patient.pseudonym,
    masks: [],
    ...(patient.basis === "id" || patient.basis === "name" ? { patient: patient.pseudonym } : {}),
    // regions side by side show different things
    ...(attributes.frames > 1 ? { clip: `${name}#region=${region + 1}` } : {}),
    site: device,
    ...(spacingMm ? { spacing: [spacingMm.y, spacingMm.x] as const } : {}),
    annotations: { instance, series, modality: attributes.modality, burnedInAnnotation: attributes.burnedInAnnotation },
  }));
}

const standsIn: Record<Exclude<Patient["basis"], "id">, string> = {
  name: "name and birth date stand in",
  study: "each study is its own group",
  image: "each image is its own group",
};

/** What a reader of results must know of the groups. */
function noteOf(bases: readonly Patient["basis"][]): string {
  return (["name", "study", "image"] as const)
    .map((basis) => ({ basis, count: bases.filter((one) => one === basis).length }))
    .filter(({ count }) => count > 0)
    .map(({ basis, count }) => `${count} of ${bases.length} DICOM files have no patient id: ${standsIn[basis]}.`)
    .join(" ");
}

/** One file of the tree. What is no image is left out, with a warning where that may surprise. @throws UserError */
function open(bytes: Buffer, path: string, { name, salt, problems }: { name: string; salt: Uint8Array; problems: Problem[] }) {
  const leaveOut = (what: string): undefined =>
    void problems.push({ level: "warning", message: `${name}: ${what}, so it is left out of the data` });
  if (!isDicom(bytes) && !dicomName.test(path)) return leaveOut("this is no DICOM file");
  if (isDocument(fileMeta(bytes, name).sopClass)) return leaveOut("the DICOM file is a directory, report or document without an image");
  const dicom = readDicom(bytes, name, { salt });
  return dicom.images.length > 0 ? dicom : leaveOut("the DICOM file shows no 2-D region (Doppler or M-mode only)");
}

/** Real paths by safe name: for decoding, and for the user who looks for a file. */
export async function realPaths(files: DataFiles, salt: Uint8Array): Promise<Map<string, string>> {
  return new Map((await candidates(files)).map((path) => [safeName(path, salt), path]));
}

/** The file that was read last: images of one file follow each other. */
const lastRead = new WeakMap<DataFiles, { name: string; bytes: Promise<Buffer> }>();

/** @param salt makes the pseudonyms */
export function dicomReader(salt: () => Promise<Uint8Array>): Reader {
  /** Real paths by safe name, found once for each set of files. */
  const paths = new WeakMap<DataFiles, Promise<Map<string, string>>>();

  const decoder: Decoder = {
    async bytes(files, path) {
      if (!paths.has(files))
        paths.set(
          files,
          salt().then((key) => realPaths(files, key)),
        );
      const [name] = path.split("#");
      const real = (await paths.get(files)!).get(name);
      if (real === undefined) throw refuse(name, "no such file; restore it, or the salt that its name was made with");
      let last = lastRead.get(files);
      if (last?.name !== name) lastRead.set(files, (last = { name, bytes: read(files, real, name) }));
      return last.bytes;
    },
    async image(bytes, path) {
      const [name, part] = path.split("#");
      const { images, decode } = readPixels(bytes, path);
      const image = images.find(({ fragment }) => fragment === (part === undefined ? "" : `#${part}`));
      if (!image) throw refuse(name, `there is no ${part ?? "single image"} in the file; list the data again`);
      return decode(image);
    },
    mask: (_, path) => Promise.reject(refuse(path, "DICOM trees have no masks here; give them in another data set")),
  };

  return {
    name: "dicom",
    title: "a tree of DICOM files: an image for each frame and 2-D region, by patient",
    licence: "unknown: the tree's own",
    citation: "",
    traps: [
      "files are called by safe names, since paths may name patients (`sonomark data where` finds the file); patients, series and unknown devices are pseudonyms of a salt that only this user has",
      "scale comes from SequenceOfUltrasoundRegions alone, and only where it is in cm",
      "most files do not say whether text is burnt into the pixels: cropping to the 2-D region removes the border, not what is drawn inside",
    ],
    decoder,
    recognises: async (files) => ((await holdsDicom(files)) ? "holds DICOM files" : undefined),
    async read(files) {
      const key = await salt();
      const paths = await candidates(files);
      const problems: Problem[] = [];
      const folders = topFolders(paths);
      for (const folder of folders)
        if (!classes.includes(folder) && classes.includes(folder.toLowerCase()))
          problems.push({ level: "error", message: `${folder}: a class folder is called "${folder.toLowerCase()}"; rename it` });
      const hasClasses = folders.some((folder) => classes.includes(folder));
      const found = await mapInFlight(paths, 4, async (path) => {
        const name = safeName(path, key);
        try {
          const dicom = open(await read(files, path, name), path, { name, salt: key, problems });
          // the file's bytes hang on `dicom`, so no more than this is kept
          return dicom && { basis: dicom.patient.basis, images: listedImages(dicom, name, labelOf(path, hasClasses)) };
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          problems.push({ level: "error", message: error.message });
          return undefined;
        }
      });
      const readable = found.filter((one) => one !== undefined);
      return {
        images: readable.flatMap(({ images }) => images),
        note: noteOf(readable.map(({ basis }) => basis)),
        problems,
      };
    },
  };
}

export const dicom = dicomReader(loadSalt);
