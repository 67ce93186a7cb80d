/** @file Images inside the page: the report is one file that asks nothing of the network. */

export const dataUri = (format: "png" | "jpeg", bytes: Buffer): string => `data:image/${format};base64,${bytes.toString("base64")}`;
