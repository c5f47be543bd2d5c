"""What a journalist is asked, field by field: the question, an example, and why it is asked."""

from dataclasses import dataclass

from service.web.words import N_


@dataclass(frozen=True)
class Asked:
    """The texts of one question, as msgids; `hint` gives an example, `why` what the answer is for."""

    question: str
    hint: str
    why: str


QUESTIONS: dict[str, Asked] = {
    "media_role": Asked(
        N_("What will you do at the event?"),
        N_("Choose what you do most of the time."),
        N_("It decides which files are asked of you, and places are counted by kind of work."),
    ),
    "zones_wanted": Asked(
        N_("Which zones do you need?"),
        N_("Choose only what the work needs."),
        N_("Every zone has only so many places. The pass opens the gates of the zones that are granted."),
    ),
    "days_wanted": Asked(
        N_("On which days will you come?"),
        N_("If you tick none, you ask for all days."),
        N_("The pass opens the gates on the days that are granted."),
    ),
    "note": Asked(
        N_("Is there anything else that we should know?"),
        N_("For example: I work together with a camera team of two."),
        "",
    ),
    "pen_name": Asked(
        N_("Under which name do you publish?"),
        N_("For example: Sóng Xanh. Leave it empty if it is your own name."),
        N_("It helps to find what you have published."),
    ),
    "birth_year": Asked(
        N_("In which year were you born?"),
        N_("For example: 1990"),
        N_("It tells you from others of the same name. We do not ask for the day and month."),
    ),
    "nationality": Asked(
        N_("What is your nationality?"),
        N_("As it stands in the document that you will show."),
        N_("It decides which rules apply to you."),
    ),
    "identity_number": Asked(
        N_("What is the number of your identity card or passport?"),
        N_("For example: 079190001234 or C1234567"),
        N_(
            "It tells you from others of the same name. It is kept encrypted and shown only to the authorities that "
            "need it."
        ),
    ),
    "assignment": Asked(
        N_("What will you do for your newsroom?"),
        N_("For example: report on the opening and interview delegates for the evening news."),
        N_("Authorities compare it with the access that you ask for."),
    ),
    "arrives_on": Asked(
        N_("On which day do you arrive in Việt Nam?"),
        N_("For example: 03/12/2026"),
        N_("The decision has to be there before you travel."),
    ),
    "equipment": Asked(
        N_("Which equipment do you bring?"),
        N_("One device on each line, with its serial number. For example: camera Sony FX6, VD-12345"),
        N_("Security lets equipment in by this list."),
    ),
    "frequencies": Asked(
        N_("Which radio frequencies do you use?"),
        N_("For example: 2 microphones, 470–516 MHz"),
        N_("So that your equipment and that of others do not disturb each other."),
    ),
    "vehicle": Asked(
        N_("Which vehicle do you come with?"),
        N_("Its number plate. For example: 51F-123.45"),
        N_("Vehicles are let in by their plate."),
    ),
}

WRONG: dict[str, str] = {
    "unreadable": N_("Take out the characters that cannot be shown"),
    "too_long": N_("Write at most %(number)s characters"),
    "not_a_year": N_("Write a year with four digits, such as 1990"),
    "not_a_country": N_("Choose a country"),
    "not_a_day": N_("Write a day such as 23/11/2026"),
    "not_an_identity": N_("Write the number as it stands in the document: at least 5 letters and digits"),
    "missing": N_("Answer this: %(what)s"),
    "invalid": N_("Choose something else: this is not possible here"),
}
"""What to do about an answer that can't be kept, by the code of the refusal."""
