import { session } from "/auth/client.js";

session.guard({ login: "/login" });
