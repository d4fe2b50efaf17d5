import { FileBrowser } from "./file-browser.tsx";
import { ModemChoice, useModem } from "./modem-choice.tsx";

/** The file system of a module. */
export function EfsFiles() {
  const id = useModem();
  return (
    <>
      <ModemChoice />
      <FileBrowser
        key={id}
        label="File system of the module"
        path={`/api/modems/${id}/efs/{path}`}
        roots={["C:/", "D:/"]}
        directories
        types={["file", "rig"]}
      />
    </>
  );
}
