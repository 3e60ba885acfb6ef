using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Decisions;

/// <summary>
/// Notes of whoever acts. R4 lets people and organisations be referred to as authors, and no roles or devices: for a role its person is
/// the author, and what has only a name is named. https://hl7.org/fhir/R4/datatypes.html#Annotation
/// </summary>
internal static class AgentNotes
{
    public static AnnotationEditor Note(this Agent author, string text, DateTimeOffset now)
    {
        var note = Annotations.Of(text, author.Person ?? author.Reference, now);
        if (note.AuthorString is null)
            note.AuthorReference.Display = author.NameOf(author.Reference);
        else
            note.AuthorString = author.NameOf(author.Reference) ?? note.AuthorString;
        return note;
    }
}
