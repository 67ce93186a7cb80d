/** @file Numbers for readers: terminal, report and page write them the same way. */

/** `digits` decimals; a dash for what is not a number. */
export const fixed = (value: number, digits = 3): string => (Number.isFinite(value) ? value.toFixed(digits) : "–");

/** `digits` decimals and always a sign: an effect has a direction. */
export const signed = (value: number, digits = 2): string =>
  Number.isFinite(value) ? `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}` : "–";

/** A share as per cent. */
export const percent = (share: number, digits = 1): string => (Number.isFinite(share) ? `${(100 * share).toFixed(digits)} %` : "–");

/** A factor: 1.00× = no change. */
export const factor = (value: number): string => (Number.isFinite(value) ? `${value.toFixed(2)}×` : "–");

/** A p-value; permutation p below 0.001 is not told further. */
export const pValue = (p: number): string => (p < 0.001 ? "<0.001" : fixed(p));

/** An estimate with its interval: `0.500 [0.400, 0.600]`. */
export const withInterval = (
  { estimate, low, high }: { estimate: number; low: number; high: number },
  number: (value: number) => string = fixed,
): string => `${number(estimate)} [${number(low)}, ${number(high)}]`;

/** The value of a setting, numbers to four digits; a dash where it is not set. */
export const settingValue = (value: unknown): string => {
  if (value === undefined) return "–";
  if (typeof value === "number") return String(Number(value.toPrecision(4)));
  return typeof value === "string" ? value : JSON.stringify(value);
};
