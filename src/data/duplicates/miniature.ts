/** @file Whole images squeezed to 28 × 28: what is left of a frame in BreastMNIST, and enough to recognise it there. */
/** Side of a miniature; that of the MedMNIST sets. */
export const MINIATURE = 28;
