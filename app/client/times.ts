import { showReadersTimes } from './readers-time';

const script = document.querySelector<HTMLScriptElement>('script[data-yours]');
if (script) showReadersTimes(document, script.dataset.yours!);
