// The range of the vertical axis of a plot.
const peakFactor = 4;

/**
 * The top of the axis. A few samples that are far above all others, such as those of the start, would make the rest flat: the
 * axis then ends above 98% of the samples, and `peak` is the highest value, which is cut.
 */
export function topOf(values) {
  const known = values.flat().filter((each) => each !== null);
  const samples = (values[0] ?? []).map((_, index) => Math.max(0, ...values.map((line) => line[index] ?? 0)));
  const ordered = samples.sort((a, b) => a - b);
  const peak = ordered[ordered.length - 1] ?? 0;
  const usual = ordered[Math.floor((ordered.length - 1) * 0.98)] ?? 0;
  if (known.length === 0 || peak === 0) return { top: 1 };
  return usual > 0 && peak > usual * peakFactor ? { top: usual * 1.5, peak } : { top: peak * 1.1 };
}
