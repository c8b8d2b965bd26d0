/** The browser's own dialog: it traps the focus, closes on Escape and gives the focus back. */
import {type ReactNode, useEffect, useRef} from 'react';

export function Modal({label, onClose, children}: {label: string; onClose: () => void; children: ReactNode}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    const onClick = (event: MouseEvent) => {
      if (event.target === element) onClose();
    };
    element?.addEventListener('click', onClick);
    return () => {
      element?.removeEventListener('click', onClick);
      element?.close();
    };
  }, [onClose]);
  return (
    <dialog ref={dialog} aria-label={label} onClose={onClose}>
      <div>{children}</div>
    </dialog>
  );
}
