import "htmx.org";
import "./sample.jsx";
