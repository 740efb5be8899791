/** Line icons drawn for the counter and head office, 24-unit grid, stroke only. Rule kept: an icon never stands without words. */
import type { ReactNode } from 'react';

export type IconName = keyof typeof paths;
const paths = {
  receipt: <path d="M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h3m1 1 1.5 1.5L18 11" />,
  scan: (
    <path d="M3 7V5a2 2 0 0 1 2-2h2M17 3h2a2 2 0 0 1 2 2v2M21 17v2a2 2 0 0 1-2 2h-2M7 21H5a2 2 0 0 1-2-2v-2M8 9v6M12 9v6M16 9v6" />
  ),
  cloud: <path d="M7 18a4.5 4.5 0 0 1-.6-8.96A6 6 0 0 1 18 9.5a4.2 4.2 0 0 1 1.5 7.8M11 19l2 2 4-4" />,
  printer: (
    <path d="M7 9V3h10v6M7 17H5a2 2 0 0 1-2-2v-4a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2h-2M7 14h10v7H7z" />
  ),
  scale: <path d="M12 4v16M8 20h8M5 7h14M5 7l-3 7a3.2 3.2 0 0 0 6 0zM19 7l-3 7a3.2 3.2 0 0 0 6 0z" />,
  person: <path d="M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 21v-1a5 5 0 0 1 5-5h4a5 5 0 0 1 5 5v1" />,
  check: <path d="m5 12.5 5 5L20 7" />,
  checkRound: <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12.5l3 3 5-6" />,
  dotRound: <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 12h.01" />,
  ring: <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z" />,
  hourglass: <path d="M6 3h12M6 21h12M7 3v3.5l5 5.5-5 5.5V21M17 3v3.5L12 12l5 5.5V21M9.5 18.5h5" />,
  register: <path d="M4 13h16v8H4zM6 13l1.5-6h9L18 13M9 7V3h6v4M8 17h.01M12 17h.01M16 17h.01" />,
  lock: <path d="M6 11h12v10H6zM8 11V7a4 4 0 0 1 8 0v4" />,
  alert: <path d="M12 3 2.5 20h19zM12 10v4M12 17h.01" />,
  info: <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8h.01" />,
  back: <path d="M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3" />,
  pause: <path d="M8 5v14M16 5v14" />,
  barcode: <path d="M4 5v14M8 5v14M11 5v14M14 5v14M17 5v14M20 5v14" />,
  upload: <path d="M12 16V4M7 9l5-5 5 5M4 16v4h16v-4" />,
  crossRound: <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 9l6 6M15 9l-6 6" />,
  dashRound: <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z" strokeDasharray="3.2 2.45" />,
  screen: <path d="M3 5h18v11H3zM9 20h6M12 16v4" />,
  tag: <path d="M4 4h7l9 9-6.5 6.5L4.5 11zM8 8h.01" />,
  plug: <path d="M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4" />,
  home: <path d="M4 11.5 12 4l8 7.5V20H4zM9.5 14.5c1.4 1.6 3.6 1.6 5 0" />,
  stores: (
    <path d="M4 9 5.5 4h13L20 9M4 9v1.5a2.6 2.6 0 0 0 5.3 0 2.7 2.7 0 0 0 5.4 0 2.6 2.6 0 0 0 5.3 0V9zM5.5 13v7h13v-7M10 20v-4h4v4" />
  ),
  catalogue: <path d="M4 5h4v4H4zM4 15h4v4H4zM11.5 5.5H20M11.5 9H17M11.5 15.5H20M11.5 19H17" />,
  sync: <path d="M7 15a4 4 0 0 1-.5-7.9A5.6 5.6 0 0 1 17.4 8a3.8 3.8 0 0 1-.4 7M12 12v8M9 17l3 3 3-3" />,
  offline: <path d="M7 18a4.5 4.5 0 0 1-.6-8.96M9 5.6A6 6 0 0 1 18 9.5a4.2 4.2 0 0 1 2.2 6.7M4 3l16 18" />,
  look: <path d="M7 3h7l4 4v14H7zM12.5 10v4M12.5 17h.01" />,
  plus: <path d="M12 5v14M5 12h14" />,
  chart: <path d="M4 19h16M4 16l5-6 4 3 7-8" />,
  truck: (
    <path d="M3 6h11v10H3zM14 10h4l3 3v3h-7M7 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM17 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z" />
  ),
  keyboard: <path d="M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M18 10h.01M8 14h8" />,
  next: <path d="m9 6 6 6-6 6" />,
  search: <path d="M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5" />,
} as const satisfies Record<string, ReactNode>;

export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="bm-icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {paths[name]}
    </svg>
  );
}
