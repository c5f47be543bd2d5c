import { confirmForms, openDialogs } from "./confirm";
import { keepLiveParts } from "./live";
import { closeMenusByThemselves } from "./menu";
import { followSections } from "./sections";
import { sortCompleteTables } from "./sort";

closeMenusByThemselves();
openDialogs();
confirmForms();
sortCompleteTables();
followSections();
keepLiveParts();
