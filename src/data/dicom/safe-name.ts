/**
 * @file What a file of a DICOM tree is called outside of its reader. Hospitals name folders and files after patients, so a part of a path is
 * told only if it is made of words that name files, views or classes and of small numbers; any other part becomes a salted hash.
 */
import { pseudonym } from "./pseudonym.ts";

const words = new Set(
  (
    "a b c i v us im img image images dcm dicom ima series ser se study st frame frames clip cine scan view slice file files data set raw dicomdir readme " +
    "benign malignant normal unlabelled train val test other left right breast ultrasound doppler zip " +
    "bad broken corrupt damaged empty truncated cut no not non without pixel pixels header huge big small unknown syntax sample example " +
    "explicit implicit little endian deflated rle jpeg lossless jls palette rgb ybr grey gray mono multi dual one two region regions"
  ).split(" "),
);

/** Words of the list and at most two numbers below 1,000: neither a name nor a date nor a hospital number can be spelled so. */
function tellsNobody(part: string): boolean {
  const pieces = part.toLowerCase().match(/[a-z]+|\d+|[^\sa-z\d_.()-]/g) ?? [];
  const numbers = pieces.filter((piece) => /^\d/.test(piece));
  return (
    numbers.length <= 2 &&
    numbers.every((digits) => Number(digits) < 1000) &&
    pieces.every((piece) => words.has(piece) || /^\d/.test(piece))
  );
}

/** "benign/DOE^JANE/IM0003.dcm" → "benign/~4c1a90be27/IM0003.dcm"; unique for the files of a data set. A path that can hold no "#", so that a part may follow. @param path relative to the data root */
export function safeName(path: string, salt: Uint8Array): string {
  return path
    .split("/")
    .map((part) => (tellsNobody(part) ? part : `~${pseudonym(salt, "path", part).slice(0, 10)}`))
    .join("/");
}
