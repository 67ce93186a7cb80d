/** @file USSimAndSegm: abdominal ultrasound without labels, real (RUS) and simulated from CT (AUS); the colours of annotations name organs. */
import { abdominalOrgans } from "../../image/palette.ts";
import { UNLABELLED, type ListedImage, type Problem, type Reader } from "../manifest.ts";
import { imagesBelow, nameOf, readEach, refuse, stemOf } from "./listing.ts";

/** From the name of an image to its subject: real subjects have a letter ("h12"), simulated ones the number of their CT ("ct14-1"). */
const sites = { RUS: /^([a-z])\d+$/, AUS: /^(ct\d+)\D/ };
type Site = keyof typeof sites;
const siteNames = Object.keys(sites) as Site[];
const parts = ["train", "test"];

/** The images of a site and part, with the annotations that some have; an annotation without an image is told. */
function listPart(paths: readonly string[], site: Site, part: string, problems: Problem[]): ListedImage[] {
  const annotations = new Map(imagesBelow(paths, `${site}/annotations/${part}`).map((path) => [stemOf(nameOf(path)), path]));
  const images = readEach(imagesBelow(paths, `${site}/images/${part}`), problems, (path): ListedImage => {
    const name = stemOf(nameOf(path));
    const subject =
      sites[site].exec(name)?.[1] ?? refuse(`${path}: its name tells no subject, as h12.jpg and ct14-1.png do; rename or remove it`);
    const organs = annotations.get(name);
    annotations.delete(name);
    return {
      id: `${site}/${part}/${name}`,
      path,
      label: UNLABELLED,
      group: `${site}/${subject}`,
      masks: [],
      patient: `${site}/${subject}`,
      site,
      official: { split: part },
      ...(organs === undefined ? {} : { organs }),
    };
  });
  for (const path of annotations.values())
    problems.push({ level: "warning", message: `${path}: is an annotation without an image in ${site}/images/${part}/; it is passed by` });
  return images;
}

export const ussimandsegm: Reader = {
  name: "ussimandsegm",
  title: "USSimAndSegm, abdominal ultrasound: real, and simulated from CT (Kaggle: ignaciorlando/ussimandsegm)",
  licence: "as its Kaggle page says; not redistributed with sonomark",
  citation:
    "Vitale S, Orlando JI, Iarussi E, Larrabide I. Improving realism in patient-specific abdominal ultrasound simulation using CycleGANs. International Journal of Computer Assisted Radiology and Surgery 15:183-192, 2020. doi:10.1007/s11548-019-02046-5",
  traps: [
    "there are no classes: it is a pool for pretraining",
    "frames of one subject resemble each other: groups are subjects, and there are few",
    "simulated images (AUS) are no ultrasound: site tells them apart",
    `annotations name organs by colour (${abdominalOrgans.map(({ name }) => name).join(", ")}) with blended edges: the nearest colour counts`,
    "the annotation h100.png has no image, and the background of a2.png is (10, 0, 10)",
  ],
  async recognises(files) {
    const paths = await files.list();
    const found = siteNames
      .flatMap((site) => parts.map((part) => `${site}/images/${part}`))
      .filter((name) => imagesBelow(paths, name).length > 0);
    return found.length > 0 ? `has images in ${found.join("/, ")}/` : undefined;
  },
  async read(files) {
    const paths = await files.list();
    const problems: Problem[] = [];
    return { images: siteNames.flatMap((site) => parts.flatMap((part) => listPart(paths, site, part, problems))), note: "", problems };
  },
};
