import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { dicomFile, ultrasound, type DicomElements } from "../../testing/dicom-files.ts";
import { withFolder } from "../../testing/picture-files.ts";
import { loadSalt } from "./pseudonym.ts";
import { readDicom } from "./read-dicom.ts";
import { safeName } from "./safe-name.ts";

const salt = new Uint8Array(32).fill(1);
const other = new Uint8Array(32).fill(2);
const image = ultrasound({ rows: 1, columns: 1, pixels: Uint8Array.of(1) });
const read = (elements: DicomElements = {}, key = salt, syntax = "explicit") =>
  readDicom(dicomFile({ ...image, ...elements }, syntax), "x.dcm", { salt: key });
const patient = (elements: DicomElements, key = salt) => read(elements, key).patient.pseudonym;

describe("loadSalt", (test) => {
  test("makes 32 bytes that only the user may read, once, however many ask together", () =>
    withFolder(async (cache) => {
      const salts = await Promise.all(Array.from({ length: 8 }, () => loadSalt({ cache })));
      for (const one of salts) assert.equal(one, salts[0]);
      assert.is(salts[0].length, 32);
      assert.ok(new Set(salts[0]).size > 8);
      assert.equal(await readdir(cache), ["dicom-salt"]);
      assert.is((await stat(join(cache, "dicom-salt"))).mode & 0o777, 0o600);
      assert.equal(await loadSalt({ cache }), salts[0]);
    }));
  test("another cache has another salt", () =>
    withFolder(async (folder) => {
      assert.not.equal(await loadSalt({ cache: join(folder, "a") }), await loadSalt({ cache: join(folder, "b") }));
    }));
  test("takes a file of one's own, and says what is wrong with it", () =>
    withFolder(async (folder) => {
      const file = join(folder, "salt");
      await assertUserError(() => loadSalt({ file }), /salt: there is no such salt; make it by/);
      await writeFile(file, "short");
      await assertUserError(() => loadSalt({ file }), /salt: the salt has 5 bytes and needs 32/);
      await writeFile(file, salt);
      assert.equal(new Uint8Array(await loadSalt({ file })), salt);
      await mkdir(join(folder, "cache"));
      assert.equal(await readdir(join(folder, "cache")), []);
    }));
});

describe("patient", (test) => {
  test("is one pseudonym for one id, padded or not, in every byte order", () => {
    const one = patient({ "00100020": ["LO", "MRN 1"] });
    assert.is(patient({ "00100020": ["LO", " MRN 1  "], "00100010": ["PN", "OTHER"], "00080018": ["UI", "9.9"] }), one);
    for (const syntax of ["implicit", "big", "deflated"])
      assert.is(read({ "00100020": ["LO", "MRN 1"] }, salt, syntax).patient.pseudonym, one);
  });
  test("differs by id, issuer and salt", () => {
    const all = [patient({}), patient({ "00100020": ["LO", "43"] }), patient({ "00100021": ["LO", "clinic"] }), patient({}, other)];
    assert.is(new Set(all).size, all.length);
  });
  test("an id is never mistaken for a name or a study of the same text", () => {
    const none = { "00100020": ["LO", ""] } as const;
    const all = [
      patient({ "00100020": ["LO", "1.2"] }),
      patient({ ...none, "00100010": ["PN", "1.2"] }),
      patient({ ...none, "0020000d": ["UI", "1.2"] }),
    ];
    assert.is(new Set(all).size, 3);
  });
});

describe("instance and series", (test) => {
  test("follow the instance and the series; without a UID the bytes stand in", () => {
    assert.is(read().instance, read({ "00100020": ["LO", "43"] }).instance);
    assert.not.equal(read().instance, read({ "00080018": ["UI", "1.2.3.5"] }).instance);
    assert.not.equal(read().series, read({ "0020000e": ["UI", "1.2.4"] }).series);
    const bare = { "00080018": ["UI", ""] } as const;
    assert.not.equal(read(bare).instance, read({ ...bare, "00100020": ["LO", "43"] }).instance);
  });
});

describe("device", (test) => {
  const device = (manufacturer: string, model: string, key = salt) =>
    read({ "00080070": ["LO", manufacturer], "00081090": ["LO", model] }, key).device;
  const known: [string, string, string][] = [
    ["Philips Medical Systems", "EPIQ 7c", "Philips EPIQ 7C"],
    ["Philips Medical Systems", "iU22", "Philips iU22"],
    ["GE Vingmed Ultrasound", "Vivid E95", "GE Vivid E95"],
    ["G.E. Medical Systems", "LOGIQ 700", "GE LOGIQ 700"],
    ["SIEMENS", "ACUSON S2000", "Siemens S2000"],
    ["SAMSUNG MEDISON CO., LTD.", "RS85", "Samsung RS85"],
    ["ALOKA CO., LTD.", "SSD-4000", "Aloka SSD-4000"],
    ["SuperSonic Imagine SA", "Aixplorer", "SuperSonic Imagine Aixplorer"],
    ["Philips", "", "Philips"],
    ["", "", "unknown"],
  ];
  for (const [manufacturer, model, expected] of known)
    test(`${manufacturer || "no maker"}, ${model || "no model"}: ${expected}`, () => assert.is(device(manufacturer, model), expected));
  test("text that is not known becomes a pseudonym, and stays apart from other text", () => {
    assert.match(device("GE", "DOE^JANE"), /^GE model-[0-9a-f]{8}$/);
    assert.match(device("GE", "LOGIQ DOE"), /^GE (LOGIQ|model-[0-9a-f]{8})$/);
    assert.match(device("Acme", "EPIQ 7"), /^device-[0-9a-f]{8}$/);
    assert.is(device("Acme", "One"), device("Acme", "One"));
    assert.not.equal(device("Acme", "One"), device("Acme", "Two"));
    assert.not.equal(device("Acme", "One"), device("Acme", "One", other));
  });
});

describe("safeName", (test) => {
  test("keeps words that name files, classes and views, and small numbers", () => {
    for (const path of [
      "benign/IM_0003.dcm",
      "malignant/series 2/IMG00012",
      "US1_2.dcm",
      "no-pixels.dcm",
      "dicom.zip/frame12",
      "DICOM/IMAGES/I0000099",
    ])
      assert.is(safeName(path, salt), path);
  });
  test("hides names, dates, long numbers, UIDs and any other text, part by part", () => {
    const hidden = [
      "DOE^JANE",
      "doe_jane.dcm",
      "19700101",
      "1.1.70",
      "IM1234567",
      "1.2.840.113619.2",
      "Müller",
      "patient 12",
      "~0123456789",
      "a#b",
      "IM1970.dcm",
    ];
    for (const part of hidden) {
      assert.match(safeName(part, salt), /^~[0-9a-f]{10}$/, part);
      assert.match(safeName(`benign/${part}/IM1.dcm`, salt), /^benign\/~[0-9a-f]{10}\/IM1\.dcm$/, part);
    }
    assert.is(new Set(hidden.map((part) => safeName(part, salt))).size, hidden.length);
    assert.not.equal(safeName("DOE", salt), safeName("DOE", other));
  });
});
