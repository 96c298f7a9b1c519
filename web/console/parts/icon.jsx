// Icons of 16 by 16, drawn with the color of the text. They accompany a text, so screen readers skip them.
const paths = {
  brand: 'M2 6.5 8 2l6 4.5M3.5 6v7.5h9V6M6 13.5v-4a2 2 0 0 1 4 0v4',
  house: 'M2 3h3.5v3H2zM2 10h3.5v3H2zM10.5 6.5H14v3h-3.5zM5.5 4.5H8v7H5.5M8 8h2.5',
  pulse: 'M1.5 8.5h3L6.5 3l3 10 2-5.5 1 1h2',
  entity: 'M2 3.5h12v9H2zM2 6.5h12M6 6.5v6',
  events: 'M2.5 4h2M2.5 8h2M2.5 12h2M6.5 4h7M6.5 8h7M6.5 12h4',
  requests: 'M2 5h10M9.5 2.5 12 5 9.5 7.5M14 11H4M6.5 8.5 4 11l2.5 2.5',
  api: 'M5.5 4 2 8l3.5 4M10.5 4 14 8l-3.5 4',
  system: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01',
  menu: 'M2 4.5h12M2 8h12M2 11.5h12',
};

export function Icon({ name }) {
  return (
    <svg class="icon-image" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.3"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
