import { createRoot } from "react-dom/client";
import { Profile, useSession } from "./sample.jsx";

function Page() {
  const { member, isInitialized, fromCache } = useSession();
  return <><Profile /><p>{isInitialized ? (member?.email_address ?? "Nobody") : "Unknown"}{fromCache && ", kept"}</p></>;
}
createRoot(document.querySelector("#root")).render(<Page />);
