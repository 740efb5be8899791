/** Line icons of head office's page, 24-unit grid, stroke only. Rule kept: an icon never stands without words. */
import type { ReactNode } from 'react';

const paths = {
  logo: <path d="M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h3m1 1 1.5 1.5L18 11" />,
  home: <path d="M4 11.5 12 4l8 7.5V20H4zM9.5 14.5c1.4 1.6 3.6 1.6 5 0" />,
  stores: (
    <path d="M4 9 5.5 4h13L20 9M4 9v1.5a2.6 2.6 0 0 0 5.3 0 2.7 2.7 0 0 0 5.4 0 2.6 2.6 0 0 0 5.3 0V9zM5.5 13v7h13v-7M10 20v-4h4v4" />
  ),
  catalogue: <path d="M4 5h4v4H4zM4 15h4v4H4zM11.5 5.5H20M11.5 9H17M11.5 15.5H20M11.5 19H17" />,
  publish: <path d="M4 4h7l9 9-6.5 6.5L4.5 11zM8 8h.01" />,
  sync: <path d="M7 15a4 4 0 0 1-.5-7.9A5.6 5.6 0 0 1 17.4 8a3.8 3.8 0 0 1-.4 7M12 12v8M9 17l3 3 3-3" />,
  check: <path d="m5 12.5 5 5L20 7" />,
  checkRound: <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12.5l3 3 5-6" />,
  alert: <path d="M12 3 2.5 20h19zM12 10v4M12 17h.01" />,
  offline: <path d="M7 18a4.5 4.5 0 0 1-.6-8.96M9 5.6A6 6 0 0 1 18 9.5a4.2 4.2 0 0 1 2.2 6.7M4 3l16 18" />,
  look: <path d="M7 3h7l4 4v14H7zM12.5 10v4M12.5 17h.01" />,
  plus: <path d="M12 5v14M5 12h14" />,
  search: <path d="M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5" />,
  person: <path d="M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 21v-1a5 5 0 0 1 5-5h4a5 5 0 0 1 5 5v1" />,
  info: <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8h.01" />,
} as const satisfies Record<string, ReactNode>;
export type OfficeIconName = keyof typeof paths;

export function OfficeIcon({ name, size = 20 }: { readonly name: OfficeIconName; readonly size?: number }) {
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
