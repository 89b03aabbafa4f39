import "./sample.jsx";
