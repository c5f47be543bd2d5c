"""What journalists are asked to agree to, purpose by purpose, under CONSENT_VERSION.

Another text is another version: tests/web/test_press_profile.py holds the fingerprint of this one. Asked by Law
91/2025/QH15: each purpose by itself, nothing ticked beforehand, what, why, who, how long, and how to take it back.
"""

from dataclasses import dataclass

from service.domain.accreditation import ConsentPurpose
from service.web.words import N_


@dataclass(frozen=True)
class ConsentText:
    """One purpose in msgids. `asks` stands at its tick, `needed`: without it nobody can apply."""

    title: str
    asks: str
    what: str
    why: str
    who: str
    how_long: str
    taking_back: str
    needed: bool = False


CONSENTS: dict[ConsentPurpose, ConsentText] = {
    ConsentPurpose.ACCREDITATION: ConsentText(
        title=N_("Accreditation"),
        asks=N_("I agree that my data are used to decide on my applications and to check my passes."),
        what=N_(
            "Name, e-mail address, telephone, press organisation, press card, and what each application asks: "
            "answers and files."
        ),
        why=N_("To decide on the applications that you send in, to issue passes, and to check them at the gates."),
        who=N_(
            "The organiser of the event, and each authority the fields that the rules of the class name for it. The "
            "focal point of your press organisation sees your name, your e-mail address and your applications."
        ),
        how_long=N_(
            "Answers and files of an application until the days that its class states have passed after the event; "
            "your profile as long as you use it."
        ),
        taking_back=N_("On the page My data. Your open applications are then withdrawn, and passes from them end."),
        needed=True,
    ),
    ConsentPurpose.PORTRAIT_ON_BADGE: ConsentText(
        title=N_("Portrait on the badge"),
        asks=N_("I agree that my portrait is printed on my badge."),
        what=N_("The portrait of your application."),
        why=N_("So that a badge shows whose it is, and nobody else can use it."),
        who=N_("Whoever sees your badge, and the staff at the gates."),
        how_long=N_("The file as long as the application's other files; the badge is yours."),
        taking_back=N_("On the page My data. Badges that are printed later carry no portrait."),
    ),
    ConsentPurpose.PRESS_NEWS: ConsentText(
        title=N_("News for the press"),
        asks=N_("I agree to get news for the press by e-mail."),
        what=N_("Name, e-mail address and language."),
        why=N_("To tell you of press conferences, press kits and events that take applications."),
        who=N_("The organiser's press office. The address is given to nobody else."),
        how_long=N_("Until you take it back."),
        taking_back=N_("On the page My data, at any time and without any effect on your applications."),
    ),
}
