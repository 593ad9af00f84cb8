namespace SkyPortal.Domain.Discussion;

/// <summary>A class among others of its taxonomy.</summary>
/// <param name="Name">Name as stored in classifications.</param>
/// <param name="OtherNames">Synonyms.</param>
/// <param name="Depth">Levels below the classes under the root, from 0.</param>
/// <param name="Parent">Place of its parent in the list; -1 under the root.</param>
public sealed record ClassPlace(string Name, IReadOnlyList<string> OtherNames, int Depth, int Parent);

/// <summary>Probabilities of the classes of a taxonomy, 0 to 1; a class that holds another is at least as probable as that one.</summary>
public sealed class ClassProbabilities
{
    private readonly double[] _values;

    /// <summary>All classes of a taxonomy but its root, none of them probable yet.</summary>
    public ClassProbabilities(TaxonomyNode root)
    {
        var places = new List<ClassPlace>();
        Add(root, 0, -1, places);
        Places = places;
        _values = new double[places.Count];
    }

    /// <summary>The classes; a parent comes before its children.</summary>
    public IReadOnlyList<ClassPlace> Places { get; }

    /// <summary>The classes that are probable at all, with their probabilities.</summary>
    public IReadOnlyList<(string Name, double Probability)> Chosen =>
        [.. Places.Zip(_values).Where(item => item.Second > 0).Select(item => (item.First.Name, item.Second))];

    /// <summary>Probability of the class at a place.</summary>
    public double this[int place] => _values[place];

    /// <summary>
    /// Sets the probability of a class. Together with its kin: those that hold it become at least as probable, and those in it change
    /// by the same factor, so that what people said of their shares stays.
    /// </summary>
    public void Set(int place, double probability, bool withKin)
    {
        var wanted = Math.Clamp(double.IsFinite(probability) ? probability : 0, 0, 1);
        var before = _values[place];
        _values[place] = wanted;
        if (!withKin)
        {
            return;
        }

        for (var above = Places[place].Parent; above >= 0; above = Places[above].Parent)
        {
            _values[above] = Math.Max(_values[above], wanted);
        }

        for (var below = place + 1; before > 0 && below < Places.Count && Places[below].Depth > Places[place].Depth; below++)
        {
            _values[below] = Math.Min(_values[below] * wanted / before, wanted);
        }
    }

    private static void Add(TaxonomyNode node, int depth, int parent, List<ClassPlace> places)
    {
        foreach (var child in node.Subclasses)
        {
            places.Add(new ClassPlace(child.Class, child.OtherNames, depth, parent));
            Add(child, depth + 1, places.Count - 1, places);
        }
    }
}
