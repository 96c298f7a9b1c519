// Plots of time series, drawn by uPlot with the colors of the page.
import uPlot from 'uplot';

import { topOf } from './plot_range.js';

const axisWidth = 58;
const axisHeight = 26;

/** Returns a color of the style sheet. Reads it from an element that uses it, because light-dark() is resolved only there. */
function colorOf(name) {
  const probe = document.createElement('span');
  probe.style.color = `var(--${name})`;
  probe.hidden = true;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** Steps of an axis for bytes: powers of two, so that its labels are short. */
const stepsOfBytes = Array.from({ length: 45 }, (_, power) => 2 ** power);
/** Steps of an axis for counts, which have no fractions. */
const stepsOfCounts = [1, 2, 5]
  .flatMap((each) => Array.from({ length: 9 }, (_, power) => each * 10 ** power))
  .sort((a, b) => a - b);
const steps = { bytes: stepsOfBytes, counts: stepsOfCounts };

function axes(format, font, unit) {
  const text = colorOf('muted');
  const line = { stroke: colorOf('line'), width: 1 };
  const common = { stroke: text, font, grid: line, ticks: { ...line, size: 4 } };
  return [
    {
      ...common,
      size: axisHeight,
      space: 60,
      grid: { show: false },
      values: (_, times) => times.map((each) => clock.format(new Date(each * 1000))),
    },
    {
      ...common,
      size: axisWidth,
      // The min distance between two labels, in pixels. The steps of bytes are powers of two, so with a larger distance an axis
      // might have no label in its upper half.
      space: 24,
      ...(unit && { incrs: steps[unit] }),
      values: (_, values) => values.map(format),
    },
  ];
}

function seriesOf({ color, dash, fill }) {
  const stroke = colorOf(color);
  return {
    stroke,
    width: 1.25,
    dash,
    fill: fill ? stroke.replace(')', ' / 12%)').replaceAll(',', '') : undefined,
    points: { show: false },
    spanGaps: false,
  };
}

/** Draws a triangle at the upper edge of the plot for each sample that exceeds the range of the plot. */
const markPeaks = (color) => (plot) => {
  const { max } = plot.scales.y;
  const { left, top } = plot.bbox;
  const size = 4 * devicePixelRatio;
  plot.ctx.fillStyle = color;
  plot.data[0].forEach((time, index) => {
    if (!plot.data.slice(1).some((line) => line[index] > max)) return;
    const x = Math.max(left + size, plot.valToPos(time, 'x', true));
    plot.ctx.beginPath();
    plot.ctx.moveTo(x - size, top + size);
    plot.ctx.lineTo(x, top);
    plot.ctx.lineTo(x + size, top + size);
    plot.ctx.fill();
  });
};

/** Draws into `element`. `onCursor(index)` gets the index of the sample under the pointer, or null. */
export function drawPlot(element, { lines, format, unit, width, height, range, onCursor }) {
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  return new uPlot(
    {
      width,
      height,
      legend: { show: false },
      padding: [8, 8, 0, 0],
      cursor: { sync: { key: 'now' }, y: false, points: { size: 5 }, drag: { x: false, y: false } },
      scales: { x: { range: () => range() }, y: { range: ({ data }) => [0, topOf(data.slice(1)).top] } },
      axes: axes(format, font, unit),
      series: [{}, ...lines.map(seriesOf)],
      hooks: { draw: [markPeaks(colorOf('text'))], setCursor: [({ cursor }) => onCursor(cursor.idx ?? null)] },
    },
    [[], ...lines.map(() => [])],
    element,
  );
}
