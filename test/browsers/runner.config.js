import config from '../../web-test-runner.config.js';
import { installedBrowsers } from './installed.ts';
import { launcherOf } from './launcher.ts';

export default {
  ...config,
  testsFinishTimeout: 600_000,
  browsers: installedBrowsers().map(launcherOf),
};
