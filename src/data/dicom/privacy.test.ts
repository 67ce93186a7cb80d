import { inspect } from "node:util";
import * as assert from "uvu/assert";
import { describe } from "../../testing/describe.ts";
import { dicomFile, regionItem, ultrasound, type DicomElements } from "../../testing/dicom-files.ts";
import { encodeRle } from "../../testing/dicom-frames.ts";
import { UserError } from "../../util/user-error.ts";
import { readDicom } from "./read-dicom.ts";

/** What may never be told: name, id, birth date, accession number, institution, operator, and their parts. */
const planted = ["QUILLFEATHER^ZEBULON", "MRN77120934", "19630417", "ACC5550199", "ST MUNGO", "OPPERMANN^ODA"];
const parts = ["QUILLFEATHER", "ZEBULON", "77120934", "5550199", "MUNGO", "OPPERMANN"];

const hex = (text: string) => Buffer.from(text, "latin1").toString("hex");
const base64 = (text: string) => Buffer.from(text, "latin1").toString("base64").replace(/=+$/, "");
const forbidden = [...planted, ...parts].flatMap((text) =>
  [text, text.toLowerCase(), text.split("").reverse().join("")].flatMap((form) => [form, hex(form), base64(form)]),
);

/** Asserts that nothing of it stands in anything that can be seen of a value. */
function assertTellsNobody(value: unknown): void {
  const seen = `${JSON.stringify(value)}\n${inspect(value, { depth: 20, showHidden: true })}`.toLowerCase();
  for (const text of forbidden) assert.not(seen.includes(text.toLowerCase()), `"${text}" is told`);
}

function assertSafeError(error: unknown): void {
  assert.instance(error, UserError);
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    assertTellsNobody(at);
    assertTellsNobody([at.message, at.stack, Object.entries(at)]);
  }
}

/** Every string element that a header may have, with something planted in it. */
const stringElements: [tag: string, vr: string][] = [
  ...["00080050", "00080090", "00081010", "00081048", "00081050", "00081070", "00100010", "00321032"].map((tag): [string, string] => [
    tag,
    "PN",
  ]),
  ...["00080070", "00080080", "00081030", "0008103e", "00081040", "00081090", "00100020", "00100021", "00101000"].map(
    (tag): [string, string] => [tag, "LO"],
  ),
  ...["00080005", "00080008", "00080060", "00100040", "00280301", "00120062"].map((tag): [string, string] => [tag, "CS"]),
  ...["00080020", "00080021", "00080023", "00100030"].map((tag): [string, string] => [tag, "DA"]),
  ...["00080016", "00080018", "0020000d", "0020000e", "00200052"].map((tag): [string, string] => [tag, "UI"]),
  ...["00200010", "00181000", "00080094"].map((tag): [string, string] => [tag, "SH"]),
  ...["00281050", "00281051", "00281052", "00281053", "00101010"].map((tag): [string, string] => [tag, "DS"]),
  ...["00204000", "00104000", "00102110", "40000010"].map((tag): [string, string] => [tag, "LT"]),
  ...["00090010", "00091001", "00291010", "60000022", "60001500"].map((tag): [string, string] => [tag, "LO"]),
];

const all = planted.join("\\");
const plantedEverywhere: DicomElements = Object.fromEntries([
  ...stringElements.map(([tag, vr]) => [tag, [vr, all]] as const),
  // pieces one by one, in a sequence and in an overlay
  ["00081110", ["SQ", planted.map((text) => ({ "00081150": ["UI", text], "00080100": ["SH", text] }) as const)] as const],
  ["60003000", ["OB", Buffer.from(all)] as const],
]);
const data = Uint8Array.from({ length: 16 }, (_, i) => i);
const image = {
  ...ultrasound({ rows: 4, columns: 4, pixels: data }),
  ...plantedEverywhere,
  "00186011": ["SQ", [regionItem([0, 0, 3, 3])]],
} as const;
const without = (...tags: string[]) => Object.fromEntries(Object.entries(image).filter(([tag]) => !tags.includes(tag))) as DicomElements;
const salt = new Uint8Array(32).fill(7);

/** Calls `body` and gives what was written to the terminal meanwhile. */
async function written(body: () => Promise<void>): Promise<string> {
  const output: string[] = [];
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write);
  for (const stream of streams) stream.write = ((chunk: string | Uint8Array) => output.push(String(chunk)) > 0) as typeof stream.write;
  try {
    await body();
  } finally {
    streams.forEach((stream, i) => (stream.write = writes[i]));
  }
  return output.join("");
}

describe("readDicom tells nobody", (test) => {
  test("whom a file shows, whatever stands in its header", async () => {
    const output = await written(async () => {
      for (const syntax of ["implicit", "explicit", "deflated", "big", "rle"]) {
        const pixels = syntax === "rle" ? { fragments: [encodeRle({ rows: 4, columns: 4, samples: 1, data })] } : data;
        const dicom = readDicom(dicomFile({ ...image, "7fe00010": ["OB", pixels] }, syntax), "x.dcm", { salt });
        assert.match(dicom.patient.pseudonym, /^patient-[0-9a-f]{16}$/);
        assert.match(dicom.device, /^device-[0-9a-f]{8}$/);
        assert.equal([dicom.attributes.modality, dicom.attributes.burnedInAnnotation], ["other", "unknown"]);
        assertTellsNobody(dicom);
        assertTellsNobody(await dicom.decode(dicom.images[0]));
        assertTellsNobody(await dicom.samples(0));
      }
    });
    assert.is(output, "");
  });
  test("whom it shows where the id is missing, and the name, and the study", () => {
    for (const [basis, ...missing] of [
      ["name", "00100020"],
      ["study", "00100020", "00100010"],
      ["image", "00100020", "00100010", "0020000d"],
    ]) {
      const { patient } = readDicom(dicomFile(without(...missing)), "x.dcm", { salt });
      assert.is(patient.basis, basis);
      assertTellsNobody(patient);
    }
  });
  const broken: [string, Uint8Array][] = [
    ["no pixels", dicomFile(without("7fe00010"))],
    ["a planted colour model", dicomFile({ ...image, "00280004": ["CS", all] })],
    ["a planted number of frames", dicomFile({ ...image, "00280008": ["IS", planted[2]] })],
    [
      "a planted palette",
      dicomFile({ ...image, "00280004": ["CS", "PALETTE COLOR"], "00281101": ["US", [4, 0, 16]], "00281201": ["OW", Buffer.from("QUI")] }),
    ],
    ["planted pixels", dicomFile({ ...image, "7fe00010": ["OB", Buffer.from("MUNGO")] })],
    ["planted compressed pixels", dicomFile({ ...image, "7fe00010": ["OB", { fragments: [Buffer.from(all)] }] }, "jpeg2000")],
    ["planted JPEG", dicomFile({ ...image, "7fe00010": ["OB", { fragments: [Buffer.from(`\u00ff\u00d8${all}`, "latin1")] }] }, "jpeg")],
    ["a planted transfer syntax", dicomFile(image, "1.2.826.0.1.77120934.19630417")],
    ["a planted transfer syntax that is a name", dicomFile(image, planted[0])],
    ["rows over the limit", dicomFile({ ...image, "00280010": ["US", 65535], "00280011": ["US", 65535] })],
    ["a region outside", dicomFile({ ...image, "00186011": ["SQ", [regionItem([9, 9, 9, 9])]] })],
    ["no DICOM at all", Buffer.from(all.repeat(5))],
  ];
  for (const [what, bytes] of broken)
    test(`whom a file shows that is refused: ${what}`, async () => {
      const output = await written(async () => {
        try {
          const dicom = readDicom(bytes, "x.dcm", { salt });
          for (const one of dicom.images) await dicom.decode(one);
          assert.unreachable("nothing was thrown");
        } catch (error) {
          assertSafeError(error);
        }
      });
      assert.is(output, "");
    });
  test("whom a file shows that is cut anywhere", () => {
    for (const syntax of ["implicit", "explicit", "big", "deflated"]) {
      const bytes = dicomFile(image, syntax);
      for (let length = 100; length < bytes.length - 20; length += 53)
        try {
          readDicom(bytes.subarray(0, length), "x.dcm", { salt });
          assert.unreachable("nothing was thrown");
        } catch (error) {
          assertSafeError(error);
        }
    }
  });
});
