/** The seven places in the order of the flow, then Admin. Others appear once they have something to show. */
import type {ReactNode} from 'react';

export type Place = {readonly path: string; readonly title: string; readonly key: string; readonly icon: ReactNode};

const icon = (d: string) => (
  <svg
    width="16"
    height="16"
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.4"
    aria-hidden="true"
  >
    <path d={d} strokeLinecap="round" strokeLinejoin="round" />
  </svg>
);

export const PLACES: readonly Place[] = [
  {path: '/', title: 'Home', key: 'h', icon: icon('M2.5 7 8 2.5 13.5 7v6.5h-4V9.5h-3v4h-4z')},
  {
    path: '/data',
    title: 'Data',
    key: 'd',
    icon: icon(
      'M3 4c0-1 2.2-1.8 5-1.8S13 3 13 4s-2.2 1.8-5 1.8S3 5 3 4zm0 0v8c0 1 2.2 1.8 5 1.8s5-.8 5-1.8V4M3 8c0 1 2.2 1.8 5 1.8S13 9 13 8',
    ),
  },
  {
    path: '/features',
    title: 'Features',
    key: 'f',
    icon: icon('M3 13.5V9M3 6V2.5M8 13.5v-2M8 8.5V2.5M13 13.5V7M13 4V2.5M1.5 9h3M6.5 8.5h3M11.5 7h3'),
  },
  {path: '/models', title: 'Models', key: 'm', icon: icon('M8 2 14 5 8 8 2 5zM2 8l6 3 6-3M2 11l6 3 6-3')},
  {path: '/serving', title: 'Serving', key: 's', icon: icon('M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z')},
  {path: '/monitoring', title: 'Monitoring', key: 'o', icon: icon('M1.5 8.5h3l2-5 3 9 2-4h3')},
  {
    path: '/experiments',
    title: 'Experiments',
    key: 'e',
    icon: icon('M6 2h4M6.5 2v4L3 12.5c-.4.8 0 1.5.9 1.5h8.2c.9 0 1.3-.7.9-1.5L9.5 6V2M5 10h6'),
  },
  {
    path: '/admin',
    title: 'Admin',
    key: 'a',
    icon: icon('M10.5 8.5a3 3 0 1 0-2.6-1.5L2.5 12.4V14h2v-1.5H6V11h1.5l1.4-2.9M11 5v.01'),
  },
];

export const SearchIcon = () => icon('M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3 14 14');
export const SunIcon = () =>
  icon('M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1');
export const MoonIcon = () => icon('M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z');

export const Mark = () => (
  <svg
    width="20"
    height="16"
    viewBox="0 0 20 16"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.8"
    aria-hidden="true"
  >
    <path
      d="M1 12c3 0 3-2.5 6-2.5s3 2.5 6 2.5 3-2.5 6-2.5M1 6.5C4 6.5 4 4 7 4s3 2.5 6 2.5S16 4 19 4"
      strokeLinecap="round"
    />
  </svg>
);
