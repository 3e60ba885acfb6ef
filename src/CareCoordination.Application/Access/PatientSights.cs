using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Application.Access;

/// <summary>Whom somebody works for, which is more than whose record they may read.</summary>
internal static class PatientSights
{
    /// <summary>As far as the patient is concerned: what a scope says of the type of a record does not narrow whom one works for.</summary>
    public static Visibility Of(ResourceKey patient, Visibility visible)
    {
        var sights = visible
            .Groups.SelectMany(group => group.Visibility.Sights)
            .Where(sight => !sight.Patients.IsEmpty)
            .Select(sight => sight with { Criteria = [], Hidden = 0, Names = null });
        return new Visibility([new(patient.Type, new TypeVisibility([.. sights.Distinct()]))], visible.Now);
    }
}
