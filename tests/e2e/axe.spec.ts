import routes from '../../app/routes';
import { lookAt } from './look';
import { expect, test } from './portal';
import { CAPTURING, SCREENS } from './screens';

test('every page of the portal is among those that are looked at', () => {
  // An address without a component shows no page, and its file is no .tsx.
  const pages = (routes as { file: string }[]).map(({ file }) => file).filter((file) => file.endsWith('.tsx'));
  expect([...Object.keys(SCREENS), ...Object.keys(CAPTURING)].sort()).toEqual([...new Set(pages)].sort());
});

// Reached by a name, the pages of passkeys have all that they can have.
test.use({ named: true });

lookAt(SCREENS);
