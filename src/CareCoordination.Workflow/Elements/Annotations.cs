using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Elements;

/// <summary>Writing notes.</summary>
internal static class Annotations
{
    /// <summary>https://hl7.org/fhir/R4/datatypes.html#Annotation: only people and organisations can be referred to as authors.</summary>
    public static AnnotationEditor Of(string text, string author, DateTimeOffset now)
    {
        var note = new AnnotationEditor { Time = now, Text = text };
        if (
            author.Split('/')[0]
            is ResourceTypes.Practitioner
                or ResourceTypes.Patient
                or ResourceTypes.RelatedPerson
                or ResourceTypes.Organization
        )
            note.AuthorReference = References.To(author);
        else
            note.AuthorString = author;
        return note;
    }
}
