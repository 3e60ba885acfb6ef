using System.Collections.Immutable;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.DataTypes;

/// <summary>What is to be said about a message, gathered while it is mapped: notes, and faults that refuse it.</summary>
internal sealed class Notes
{
    private readonly List<Hl7Note> _notes = [];
    private readonly HashSet<Hl7Note> _seen = [];
    private readonly List<Hl7Fault> _faults = [];

    public ImmutableArray<Hl7Note> All => [.. _notes];

    public ImmutableArray<Hl7Fault> Faults => [.. _faults];

    public void Add(NoteKind kind, Hl7Place place, string sentence)
    {
        var note = new Hl7Note(kind, place, sentence);
        if (_seen.Add(note))
            _notes.Add(note);
    }

    public void NotMapped(Hl7Place place, string sentence) => Add(NoteKind.NotMapped, place, sentence);

    public void Assumed(Hl7Place place, string sentence) => Add(NoteKind.Assumed, place, sentence);

    public void Refuse(ErrorCode code, Hl7Place place, string sentence)
    {
        var fault = new Hl7Fault(code, place, sentence);
        if (!_faults.Contains(fault))
            _faults.Add(fault);
    }
}
