using System.Collections.Immutable;
using System.Globalization;

namespace CareCoordination.HospitalSimulator.Scripts;

/// <summary>
/// The day of one patient: what happens, and by which doors, how often and in which order it is told. The same seed makes the same.
/// </summary>
internal sealed class DayScript
{
    /// <summary>Of a hundred patients.</summary>
    private static readonly ImmutableArray<(StoryKind Kind, int Share)> Shares =
    [
        (StoryKind.Home, 22),
        (StoryKind.Facility, 8),
        (StoryKind.AgainstAdvice, 4),
        (StoryKind.Hospice, 4),
        (StoryKind.Died, 5),
        (StoryKind.StillIn, 8),
        (StoryKind.NeverWas, 4),
        (StoryKind.TakenBack, 5),
        (StoryKind.DischargedAgain, 5),
        (StoryKind.Corrected, 6),
        (StoryKind.Outpatient, 4),
        (StoryKind.Readmitted, 5),
        (StoryKind.InAgain, 4),
        (StoryKind.Merged, 5),
        (StoryKind.Written, 6),
        (StoryKind.Paper, 5),
    ];

    private static readonly Door[] MessageDoors = [Door.ProcessMessage, Door.SubmitTransition, Door.Hl7Http, Door.Mllp];

    private static readonly Door[] DocumentDoors = [Door.Document, Door.BundleDocument];

    private readonly SimulationOptions _options;
    private readonly int _index;
    private readonly Dice _dice;
    private readonly Person _person;
    private readonly List<Told> _told = [];
    private int _messages;

    private DayScript(SimulationOptions options, int index)
    {
        (_options, _index) = (options, index);
        _dice = new Dice((ulong)options.Seed, (ulong)index);
        _person = Person.Of(options.Seed, 2 * index);
    }

    public static PatientDay Of(SimulationOptions options, int index)
    {
        var script = new DayScript(options, index);
        // The first of a day are one of each kind, so that a short day has all.
        var kind = index < Shares.Length ? Shares[index].Kind : script.Kind();
        script.Tell(kind);
        // What is told of two stays, or of two numbers, comes as it comes.
        if (kind is StoryKind.Readmitted or StoryKind.InAgain or StoryKind.Merged)
            script.Shuffle(script._told);
        return new PatientDay(kind, script._person, [.. script._told]);
    }

    private StoryKind Kind()
    {
        var roll = _dice.Below(Shares.Sum(s => s.Share));
        foreach (var (kind, share) in Shares)
        {
            if ((roll -= share) < 0)
                return kind;
        }

        return StoryKind.Home;
    }

    private void Tell(StoryKind kind)
    {
        switch (kind)
        {
            case StoryKind.Written:
                Written();
                return;
            case StoryKind.Merged:
                Merged();
                return;
            case StoryKind.Readmitted or StoryKind.InAgain:
                Stay(_person, "1", "IMP", -5, [Happening.Admit, Happening.Discharge], "home");
                Stay(
                    _person,
                    "2",
                    "IMP",
                    -1,
                    kind == StoryKind.InAgain ? [Happening.Admit] : [Happening.Admit, Happening.Discharge],
                    "home"
                );
                return;
            default:
                Stay(
                    _person,
                    "1",
                    kind == StoryKind.Outpatient ? "AMB" : "IMP",
                    -2,
                    HappeningsOf(kind),
                    DispositionOf(kind)
                );
                if (kind == StoryKind.Paper)
                    Paper();
                return;
        }
    }

    private Happening[] HappeningsOf(StoryKind kind)
    {
        Happening[] begin = _dice.Below(3) switch
        {
            0 => [Happening.Admit],
            1 => [Happening.Admit, Happening.Transfer],
            _ => [Happening.Admit, Happening.Transfer, Happening.CancelTransfer],
        };
        return kind switch
        {
            StoryKind.StillIn => begin,
            StoryKind.NeverWas => [Happening.Admit, Happening.CancelAdmit],
            StoryKind.TakenBack => [.. begin, Happening.Discharge, Happening.CancelDischarge],
            StoryKind.DischargedAgain =>
            [
                .. begin,
                Happening.Discharge,
                Happening.CancelDischarge,
                Happening.Discharge,
            ],
            StoryKind.Corrected => [.. begin, Happening.Discharge, Happening.Discharge],
            _ => [.. begin, Happening.Discharge],
        };
    }

    private static string DispositionOf(StoryKind kind) =>
        kind switch
        {
            StoryKind.Facility => "snf",
            StoryKind.AgainstAdvice => "aadvice",
            StoryKind.Hospice => "hosp",
            StoryKind.Died => "exp",
            _ => "home",
        };

    /// <summary>The events of a stay, an hour and more after each other; some are told before what happened before them.</summary>
    /// <param name="days">From the day to the admission.</param>
    private void Stay(Person person, string number, string @class, int days, Happening[] happenings, string disposition)
    {
        var start = Midnight.AddDays(days).AddMinutes(_dice.Below(24 * 60));
        var (at, bed, told) = (start, "4W-1", new List<Told>());
        var discharges = happenings.Count(h => h == Happening.Discharge);
        foreach (var what in happenings)
        {
            // All of it happens before the day is over.
            at = at.AddMinutes(30 + _dice.Below(90));
            if (what == Happening.Transfer)
                bed = "ICU-" + (1 + _dice.Below(8)).ToString(CultureInfo.InvariantCulture);
            else if (what == Happening.CancelTransfer)
                bed = "4W-1";
            var isOver = what == Happening.Discharge;
            // Of two discharges that are not taken back between them the last one counts.
            var says =
                isOver && --discharges > 0 && !happenings.Contains(Happening.CancelDischarge) ? "snf" : disposition;
            told.Add(
                Say(
                    what,
                    DoorOf(what),
                    person,
                    new StayAt(
                        $"{_person.Number}-{number}",
                        @class,
                        bed,
                        start,
                        isOver ? at.AddMinutes(-5) : null,
                        isOver ? says : null
                    ),
                    at
                )
            );
        }

        Shuffle(told);
        _told.AddRange(told);
    }

    private Door DoorOf(Happening what) =>
        what == Happening.Discharge && _dice.Chance(25) ? _dice.Pick(DocumentDoors) : _dice.Pick(MessageDoors);

    /// <summary>A network that delivers late, and a hospital that was not sure whether it had been heard.</summary>
    private void Shuffle(List<Told> told)
    {
        for (var i = told.Count - 1; i > 0; i--)
        {
            if (_dice.Chance(30))
                (told[i - 1], told[i]) = (told[i], told[i - 1]);
        }

        for (var i = told.Count - 1; i >= 0; i--)
        {
            if (_dice.Chance(30))
                told[i] = told[i] with { Times = 2 + _dice.Below(2) };
            if (_dice.Chance(20))
                told.Insert(i + 1 + _dice.Below(told.Count - i), told[i]);
        }
    }

    private void Written()
    {
        var start = Midnight.AddDays(-2).AddMinutes(_dice.Below(24 * 60));
        var stay = new StayAt($"{_person.Number}-1", "IMP", "4W-1", start, null, null);
        var over = stay with { End = start.AddHours(30), Disposition = "home" };
        if (_dice.Chance(50))
        {
            _told.Add(Say(Happening.Discharge, Door.Transaction, _person, over, over.End!.Value));
            _told.Add(_told[^1]);
            return;
        }

        _told.Add(Say(Happening.Admit, Door.EncounterPut, _person, stay, start));
        _told.Add(Say(Happening.Discharge, Door.EncounterPut, _person, over, over.End!.Value));
        _told.Add(_told[^1]);
    }

    /// <summary>She came to the clinic under another number, and somebody noticed.</summary>
    private void Merged()
    {
        // By another name, which is why nobody noticed before; with another birth date a record is never taken for hers.
        var other = Person.Of(_options.Seed, 2 * _index + 1) with
        {
            IsMale = _person.IsMale,
            BirthDate = _person.BirthDate,
        };
        Stay(_person, "1", "IMP", -3, [Happening.Admit, Happening.Discharge], "home");
        Stay(other, "2", "AMB", -2, [Happening.Admit, Happening.Discharge], "home");
        var merge = Say(Happening.Merge, _dice.Pick(MessageDoors), _person, _told[0].Stay, Midnight.AddHours(20)) with
        {
            MergedAway = other,
        };
        _told.Add(merge);
        _told.Add(merge);
    }

    private void Paper()
    {
        var stay = _told.First(t => t.What == Happening.Discharge).Stay;
        _told.Add(Say(Happening.Paper, Door.DocumentReference, _person, stay, stay.End!.Value.AddHours(1)));
        _told.Add(_told[^1]);
    }

    private Told Say(Happening what, Door door, Person person, StayAt stay, DateTimeOffset at) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"{_person.Number}-m{++_messages}"),
            what,
            door,
            person,
            stay,
            at
        );

    /// <summary>In which the day begins.</summary>
    private DateTimeOffset Midnight => new(_options.Day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
