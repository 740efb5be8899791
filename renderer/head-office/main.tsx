/**
 * Head office's page: look, words, then the app. Rule kept: nothing is decided here, no inline style or script is
 * needed, and nothing of the till's page (its link, its keys) is loaded.
 */
import { MantineProvider } from '@mantine/core';
import '@mantine/core/styles/baseline.css';
import '@mantine/core/styles/UnstyledButton.css';
import '@mantine/core/styles/Kbd.css';
import { createRoot } from 'react-dom/client';
import '../theme/fonts.css';
import '../theme/base.css';
import '../theme/rail.css';
import '../theme/office.css';
import '../theme/office-pages.css';
import '../theme/office-access.css';
import '../theme/office-models.css';
import '../theme/office-transfers.css';
import { adoptTokens, theme } from '../theme/theme.ts';
import { OfficeApp } from './app.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');
adoptTokens(document);
createRoot(root).render(
  <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
    <OfficeApp />
  </MantineProvider>,
);
