using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Transitions;

/// <summary>A task of a transition.</summary>
/// <param name="Slot">What keeps it apart from the others of the plan, and the same one whenever it is made.</param>
/// <param name="Code">Of <see cref="TransitionWork.System"/>.</param>
/// <param name="Day">The day by whose end it is to be done.</param>
public sealed record TransitionTask(string Slot, string Code, DateOnly Day)
{
    public bool IsUrgent { get; init; }

    /// <summary>What it is about beside the patient; null where there is nothing.</summary>
    public string? Focus { get; init; }
}

/// <summary>
/// What there is to do after a discharge, and by when: the day of the discharge is no day of the count. The rules are those of
/// transitional care management, two business days, seven or fourteen days, thirty days with the discharge (numbers in
/// <see cref="TransitionRules"/>).
/// </summary>
public static class TransitionWork
{
    public const string System = SecondAttempt.System;

    public const string Papers = "papers";
    public const string Contact = SecondAttempt.Contact;
    public const string Needs = "needs";
    public const string Medications = "medications";
    public const string Visit = "visit";
    public const string Services = "services";
    public const string PendingResult = "pending-result";
    public const string Call = "call";
    public const string Facility = "facility";
    public const string Close = "close";
    public const string Document = "document";
    public const string Bereavement = "bereavement";
    public const string HospiceHandover = "hospice";

    public static readonly ImmutableArray<OwnCode> All =
    [
        new(Bereavement, "Offer the family support", "A patient has died; somebody speaks with those who stay behind."),
        new(Call, "Check-in call", "Ask how it goes: symptoms, medications, what is missing."),
        new(Close, "Close the transition", "The thirty days are over: hand over to the care that goes on."),
        new(Contact, "Speak with the patient", "Reach the patient or whoever looks after them after a discharge."),
        new(
            Document,
            "Read a summary of a stay",
            "A discharge or transfer summary came as a document that only people read."
        ),
        new(Facility, "Speak with the facility", "Ask the facility how the patient is and when it plans to discharge."),
        new(HospiceHandover, "Hand over to hospice", "Tell hospice what is known, and end what it takes over."),
        new(
            Medications,
            "Reconcile the medications",
            "Compare what was taken before with what was prescribed at discharge."
        ),
        new(Needs, "Ask about transport and daily needs", "Transport to the visit, food, housing, help at home."),
        new(Papers, "Read the discharge papers", "Why, what changed, what is still open."),
        new(PendingResult, "Follow up a result", "A result was not there at discharge."),
        new(Services, "Check services and equipment", "Referrals, equipment and home health have begun."),
        new(Visit, "Visit after the discharge", "Book the visit, and see that it is kept."),
    ];

    public static string Words(string code) => All.First(c => c.Code == code).Display;

    /// <summary>Null where no transition begins; what is due later than dates go is left out.</summary>
    public static ImmutableArray<TransitionTask> Of(
        DischargeRoute route,
        bool isHighRisk,
        DateOnly discharged,
        IEnumerable<string> pendingResults,
        BusinessCalendar calendar,
        TransitionRules rules
    )
    {
        var tasks = ImmutableArray.CreateBuilder<TransitionTask>();
        void Business(string code, int days) => Add(code, code, calendar.AddBusinessDays(discharged, days));
        void Days(string slot, string code, int days) => Add(slot, code, discharged.PlusDays(days));
        void Add(string slot, string code, DateOnly? day, string? focus = null)
        {
            if (day is { } known)
                tasks.Add(
                    new TransitionTask(slot, code, known)
                    {
                        IsUrgent = route == DischargeRoute.AgainstAdvice,
                        Focus = focus,
                    }
                );
        }

        void Calls(ImmutableArray<int> days)
        {
            foreach (var day in days.Where(d => d < rules.PeriodDays))
                Days(string.Create(CultureInfo.InvariantCulture, $"{Call}-{day}"), Call, day);
        }

        switch (route)
        {
            case DischargeRoute.Community or DischargeRoute.AgainstAdvice:
                var visit = isHighRisk ? rules.VisitDaysAtHighRisk : rules.VisitDays;
                Business(Papers, rules.ReviewBusinessDays);
                Business(Contact, rules.ContactBusinessDays);
                Business(Needs, rules.ContactBusinessDays);
                Business(Services, rules.ServicesBusinessDays);
                // No later than the visit, by which it has to be done.
                Days(Medications, Medications, Math.Min(rules.ReconciliationDays, visit));
                Days(Visit, Visit, visit);
                Calls(isHighRisk ? rules.CallDaysAtHighRisk : rules.CallDays);
                foreach (var result in pendingResults)
                    Add($"{PendingResult}-{result}", PendingResult, discharged.PlusDays(visit), result);
                Days(Close, Close, rules.PeriodDays - 1);
                break;
            case DischargeRoute.Facility:
                Business(Facility, rules.ContactBusinessDays);
                Calls(rules.CallDays);
                Days(Close, Close, rules.PeriodDays - 1);
                break;
            default:
                break;
        }

        return tasks.ToImmutable();
    }
}
