// One plot with its legend. The legend shows the newest values, or those under the pointer.
import { signal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';

import { topOf } from '../core/plot_range.js';
import { themeChanges } from '../core/theme.js';

const height = 148;

/** The index of the sample under the pointer. All plots share it. */
export const cursor = signal(null);

/** `draw` is `drawPlot` of core/plot.js; undefined until it is loaded. */
export function Plot({ draw, title, lines, format, unit, times, values, range }) {
  const id = useId();
  const element = useRef();
  const plot = useRef();
  const latestRange = useRef(range);
  latestRange.current = range;
  useEffect(() => {
    if (!draw) return undefined;
    const area = element.current;
    const options = {
      lines,
      format,
      unit,
      width: area.clientWidth,
      height,
      range: () => latestRange.current,
      onCursor: (index) => (cursor.value = index),
    };
    plot.current = draw(area, options);
    plot.current.setData([times, ...values]);
    const observer = new ResizeObserver(() => plot.current.setSize({ width: area.clientWidth, height }));
    observer.observe(area);
    return () => {
      observer.disconnect();
      plot.current.destroy();
    };
  }, [draw, themeChanges.value]);
  useEffect(() => plot.current?.setData([times, ...values]), [times, range[0]]);
  const index = cursor.value !== null && cursor.value < times.length ? cursor.value : times.length - 1;
  const { peak } = topOf(values);
  return (
    <figure class="plot" aria-labelledby={id}>
      <figcaption>
        <h2 id={id}>{title}</h2>
        <ul class="legend">
          {lines.map(({ name, color }, line) => (
            <li key={name} class={`legend-${color}`}>
              {name} <b>{times.length ? format(values[line][index]) : '–'}</b>
            </li>
          ))}
        </ul>
      </figcaption>
      {peak !== undefined && <p class="plot-peak">▲ up to {format(peak)}</p>}
      <div ref={element} class="plot-area" aria-hidden="true" />
    </figure>
  );
}
