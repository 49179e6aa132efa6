/** The text of `/widgets.css`, which the build makes from the catalogue. */
declare module 'proptally:room' {
  const text: string;
  export default text;
}
