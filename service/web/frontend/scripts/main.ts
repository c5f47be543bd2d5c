import { confirmForms, openDialogs } from "./confirm";
import { copyTexts } from "./copy";
import { keepLiveParts } from "./live";
import { closeMenusByThemselves } from "./menu";
import { sendOnce } from "./once";
import { followSections } from "./sections";
import { sortCompleteTables } from "./sort";
import { matchColours, numberLines } from "./source";

closeMenusByThemselves();
openDialogs();
confirmForms();
sendOnce();
copyTexts();
sortCompleteTables();
followSections();
keepLiveParts();
numberLines();
matchColours();
