import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zipSync } from "fflate";
import * as assert from "uvu/assert";
import { describe } from "../../testing/describe.ts";
import { assertUserError } from "../../testing/close.ts";
import { dicomFile, regionItem, ultrasound, type DicomElements } from "../../testing/dicom-files.ts";
import { withFolder, writeFiles } from "../../testing/picture-files.ts";
import { byCodeUnit } from "../files/data-files.ts";
import { openFiles } from "../files/open.ts";
import type { Listing } from "../manifest.ts";
import { dicomReader } from "./dicom.ts";

const salt = new Uint8Array(32).fill(3);
const reader = dicomReader(() => Promise.resolve(salt));

const rows = 4;
const columns = 6;
const grey = Uint8Array.from({ length: rows * columns }, (_, i) => i);
let instance = 0;
/** A file of its own instance. */
const file = (elements: DicomElements = {}, syntax?: string, frames = 1) =>
  dicomFile(
    {
      ...ultrasound({ rows, columns, frames, pixels: Uint8Array.from({ length: frames * grey.length }, (_, i) => i) }),
      "00080018": ["UI", `1.2.${++instance}`],
      ...elements,
    },
    syntax,
  );
const patient = (id: string): DicomElements => ({ "00100020": ["LO", id], "00100010": ["PN", `NAME^${id}`] });
const twoRegions: DicomElements = { "00186011": ["SQ", [regionItem([0, 0, 1, 1]), regionItem([2, 1, 3, 3])]] };

const tree = {
  "benign/SMITH^ANNA/IM0001.dcm": file(patient("A")),
  "benign/SMITH^ANNA/IM0002": file({ ...patient("A"), ...twoRegions }),
  "malignant/1.2.840.99": file(patient("B"), "big", 2),
  "other/IM5.dcm": file(patient("C"), "implicit"),
};

async function listing(root: string): Promise<Listing> {
  const files = await openFiles(root);
  return reader.read(files);
}
const messages = ({ problems }: Listing) => problems.map(({ level, message }) => `${level}: ${message}`).sort(byCodeUnit);

describe("dicom", (test) => {
  test("recognises DICOM by what the files hold, whatever they are called", () =>
    withFolder(async (root) => {
      await writeFiles(root, { "dicom/a/b": tree["other/IM5.dcm"], "pictures/x.png": "x", "text/notes": "no" });
      assert.is(await reader.recognises(await openFiles(join(root, "dicom"))), "holds DICOM files");
      for (const folder of ["pictures", "text"]) assert.is(await reader.recognises(await openFiles(join(root, folder))), undefined);
    }));
  test("gives an image for each frame and region, by patient, with class, device and scale", () =>
    withFolder(async (root) => {
      await writeFiles(root, tree);
      const { images, note, problems } = await listing(root);
      assert.equal([note, problems], ["", []]);
      assert.is(images.length, 6);
      const byLabel = (label: string) => images.filter((image) => image.label === label);
      assert.equal(
        byLabel("benign").map(({ path }) => path.replace(/~[0-9a-f]{10}/, "~")),
        ["benign/~/IM0001.dcm", "benign/~/IM0002#region=1", "benign/~/IM0002#region=2"],
      );
      assert.equal(
        byLabel("malignant").map(({ path }) => path.replace(/~[0-9a-f]{10}/, "~")),
        ["malignant/~#frame=1", "malignant/~#frame=2"],
      );
      assert.equal(
        byLabel("malignant").map(({ clip }) => clip?.replace(/~[0-9a-f]{10}/, "~")),
        ["malignant/~#region=1", "malignant/~#region=1"],
      );
      assert.ok(
        byLabel("benign").every(({ clip }) => clip === undefined),
        "one frame is no clip",
      );
      assert.is(byLabel("unlabelled").length, 1);
      assert.equal(
        ["benign", "malignant", "unlabelled"].map((label) => new Set(byLabel(label).map(({ group }) => group)).size),
        [1, 1, 1],
      );
      assert.is(new Set(images.map(({ group }) => group)).size, 3);
      assert.is(new Set(images.map(({ id }) => id)).size, 6);
      const [whole, part] = byLabel("benign");
      assert.equal([whole.id, part.id], [whole.path, part.path]);
      assert.match(whole.annotations!.instance, /^instance-[0-9a-f]{16}$/);
      assert.equal([whole.site, whole.patient, whole.spacing], ["Philips EPIQ 7C", whole.group, undefined]);
      assert.equal(part.spacing, [0.2, 0.1]);
      assert.match(whole.annotations!.series, /^series-[0-9a-f]{16}$/);
    }));
  test("decodes what a path names, from a folder and from an archive", () =>
    withFolder(async (root) => {
      await writeFiles(join(root, "set"), tree);
      await writeFile(
        join(root, "set.zip"),
        zipSync(Object.fromEntries(Object.entries(tree).map(([path, bytes]) => [path, new Uint8Array(bytes)]))),
      );
      for (const name of ["set", "set.zip"]) {
        const files = await openFiles(join(root, name));
        const { images } = await reader.read(files);
        const decoded = async (fragment: string) => {
          const { path } = images.find((image) => image.path.endsWith(fragment))!;
          return [...(await reader.decoder!.image(await reader.decoder!.bytes(files, path), path)).pixels];
        };
        assert.equal(await decoded("IM0001.dcm"), [...grey]);
        assert.equal(await decoded("#region=2"), [8, 9, 14, 15, 20, 21]);
        assert.equal(
          await decoded("#frame=2"),
          [...grey].map((v) => v + grey.length),
        );
        await files.close();
      }
    }));
  test("lists every problem in one go, by safe names, and leaves the rest", () =>
    withFolder(async (root) => {
      const report = file();
      await writeFiles(root, {
        ...tree,
        "benign/DOE/broken.dcm": file(patient("D")).subarray(0, -10),
        "benign/DOE/empty.dcm": "",
        "Normal/IM1.dcm": file(patient("E")),
        DICOMDIR: Buffer.from(
          report.toString("latin1").replace("1.2.840.10008.5.1.4.1.1.6.1", "1.2.840.10008.1.3.10\0\0\0\0\0\0\0"),
          "latin1",
        ),
        README: "hello",
        "notes.txt": "hello",
        "other/doppler.dcm": file({ ...patient("F"), "00186011": ["SQ", [regionItem([0, 0, 1, 1], { format: 3 })]] }),
      });
      const found = await listing(root);
      assert.equal(
        messages(found).map((message) => message.replace(/~[0-9a-f]{10}/g, "~")),
        [
          'error: Normal: a class folder is called "normal"; rename it',
          "error: benign/~/broken.dcm: the DICOM file is damaged or cut short; export it again",
          'error: benign/~/empty.dcm: this is no DICOM file ("DICM" does not stand at byte 128); give DICOM files only',
          "warning: other/doppler.dcm: the DICOM file shows no 2-D region (Doppler or M-mode only), so it is left out of the data",
          "warning: DICOMDIR: the DICOM file is a directory, report or document without an image, so it is left out of the data",
          "warning: README: this is no DICOM file, so it is left out of the data",
        ].sort(byCodeUnit),
      );
      assert.is(found.images.length, 7);
      assert.not.match(JSON.stringify(found), /SMITH|ANNA|DOE|NAME\^/);
    }));
  test("says how patients were told apart where they have no id", () =>
    withFolder(async (root) => {
      const none = { "00100020": ["LO", ""] } as const;
      await writeFiles(root, {
        "1.dcm": file(),
        "2.dcm": file({ ...none, "00100010": ["PN", "A"] }),
        "3.dcm": file({ ...none, "0020000d": ["UI", "1.2"] }),
        "4.dcm": file(none),
      });
      const { note, images } = await listing(root);
      assert.is(
        note,
        "1 of 4 DICOM files have no patient id: name and birth date stand in. 1 of 4 DICOM files have no patient id: each study is its own group. 1 of 4 DICOM files have no patient id: each image is its own group.",
      );
      assert.is(images.filter((image) => image.patient === image.group).length, 2);
    }));
  test("names nobody where a file is gone or a part is not there", () =>
    withFolder(async (root) => {
      await writeFiles(root, tree);
      const files = await openFiles(root);
      await assertUserError(
        () => reader.decoder!.bytes(files, "benign/~0000000000/x#frame=1"),
        /^benign\/~0000000000\/x: no such file; restore/,
      );
      const bytes = tree["other/IM5.dcm"];
      await assertUserError(
        () => reader.decoder!.image(bytes, "other/IM5.dcm#frame=3"),
        /^other\/IM5\.dcm: there is no frame=3 in the file/,
      );
      await assertUserError(() => reader.decoder!.mask(bytes, "other/IM5.dcm"), /have no masks/);
    }));
});
