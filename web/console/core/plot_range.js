// The range of the vertical axis of a plot.
const peakFactor = 4;

/**
 * Returns {top}, the top of the axis. A few samples that are far above all others, such as those at the start of the server,
 * would make the rest flat. In this case the axis ends above 98% of the samples, and the result also has `peak`, the highest
 * value, which is not drawn in full.
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
