import { lookAt } from './look';
import { test } from './portal';
import { CAPTURING } from './screens';

test.use({ captures: true });

lookAt(CAPTURING);
