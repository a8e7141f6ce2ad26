import Theme from 'vitepress/theme-without-fonts';
import './style.css';

/** The usual theme in the fonts of the system: nothing is fetched. */
export default Theme;
