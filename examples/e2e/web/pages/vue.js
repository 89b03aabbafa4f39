import { createApp, h } from "vue";
import { useSession } from "./sample.jsx";

createApp({
  setup() {
    const state = useSession();
    return () => h("p", state.value.member?.email_address ?? "Nobody");
  },
}).mount("#root");
